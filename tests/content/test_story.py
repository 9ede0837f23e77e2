"""A scenario on paper: numbered steps that lead to one another, and nothing of how good a choice was."""

from lms.content.model import Scenario, Step, Way
from lms.content.story import Story, told


def way(target: str, consequence: str = "", score: int = 0) -> Way:
    return Way(line=0, target=target, html=f"to {target}", consequence=consequence, score=score)


SCENARIO = Scenario(
    line=0,
    id="e-1",
    title="Story",
    intro=(),
    steps=(
        Step(line=0, id="a", title="A", body=(), ways=(way("b", "well done", 2), way("a", "not so"), way("c"))),
        Step(line=0, id="b", title="B", body=(), ways=(way("c", "on you go", 1),)),
        Step(line=0, id="c", title="C", body=(), ways=(), outcome="good"),
    ),
)


def walk(story: Story, *picks: int) -> list[str]:
    """What is read by somebody who makes these choices."""
    pages = {each.number: each for each in story.paragraphs}
    here, read = pages[1], [pages[1].title]
    for pick in picks:
        here = pages[here.choices[pick].leads]
        read.append(here.title or here.consequence)
        if here.leads:
            here = pages[here.leads]
            read.append(here.title)
    return read


def test_steps_and_what_follows_are_numbered_in_the_order_of_reading() -> None:
    story = told(SCENARIO)
    assert [(each.number, each.title or each.chosen) for each in story.paragraphs] == [
        (1, "A"), (2, "to b"), (3, "to a"), (4, "B"), (5, "to c"), (6, "C"),
    ]  # fmt: skip


def test_each_choice_leads_where_it_leads_on_the_screen() -> None:
    story = told(SCENARIO)
    assert walk(story, 0, 0) == ["A", "well done", "B", "on you go", "C"]
    assert walk(story, 1, 2) == ["A", "not so", "A", "C"]
    assert [each.again for each in story.paragraphs if each.leads] == [False, True, False]
    assert [each.number for each in story.paragraphs if not each.choices and not each.leads] == [6]


def test_how_good_a_choice_was_is_not_told() -> None:
    worst = Scenario(
        line=0,
        id="e-1",
        title="Story",
        intro=(),
        steps=tuple(
            Step(
                line=0,
                id=step.id,
                title=step.title,
                body=(),
                outcome=step.outcome and "bad",
                ways=tuple(way(each.target, each.consequence, 0) for each in step.ways),
            )
            for step in SCENARIO.steps
        ),
    )
    assert told(worst) == told(SCENARIO)
