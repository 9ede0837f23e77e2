"""A scenario on paper: its steps and what follows each choice as numbered paragraphs, to be read by going from one to the
next. How good a choice was is not among them."""

from dataclasses import dataclass

from lms.content.model import Block, Scenario, Step, Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What may be chosen, and the number of the paragraph that it leads to."""

    html: str
    leads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A step with its choices (an ending has none), or what follows one: then `chosen` is said again, and `leads` on."""

    number: int
    title: str = ""
    body: tuple[Block, ...] = ()
    choices: tuple[Choice, ...] = ()
    chosen: str = ""
    consequence: str = ""
    leads: int = 0
    again: bool = False
    """Whether it leads back to the step that it was chosen in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The whole scenario; it begins at paragraph 1."""

    id: str
    title: str
    intro: tuple[Block, ...]
    paragraphs: tuple[Paragraph, ...]
    language: str = ""


def told(scenario: Scenario) -> Story:
    """The scenario as numbered paragraphs: each step, then what follows its choices where anything does."""
    numbers = _numbers(scenario)
    paragraphs: list[Paragraph] = []
    for step in scenario.steps:
        choices = tuple(Choice(html=way.html, leads=_first(step, place, way, numbers)) for place, way in _ways(step))
        number = numbers[step.id, 0]
        paragraphs.append(Paragraph(number=number, title=step.title, body=step.body, choices=choices))
        paragraphs += [
            Paragraph(
                number=numbers[step.id, place],
                chosen=way.html,
                consequence=way.consequence,
                leads=numbers[way.target, 0],
                again=way.target == step.id,
            )
            for place, way in _ways(step)
            if way.consequence
        ]
    return Story(
        id=scenario.id,
        title=scenario.title,
        intro=scenario.intro,
        paragraphs=tuple(paragraphs),
        language=scenario.language,
    )


def _numbers(scenario: Scenario) -> dict[tuple[str, int], int]:
    """The paragraph of each step, and of its first, second … choice where something follows it."""
    keys = [
        (step.id, place)
        for step in scenario.steps
        for place in (0, *(place for place, way in _ways(step) if way.consequence))
    ]
    return {key: number for number, key in enumerate(keys, start=1)}


def _first(step: Step, place: int, way: Way, numbers: dict[tuple[str, int], int]) -> int:
    return numbers[step.id, place] if way.consequence else numbers[way.target, 0]


def _ways(step: Step) -> list[tuple[int, Way]]:
    return list(enumerate(step.ways, start=1))
