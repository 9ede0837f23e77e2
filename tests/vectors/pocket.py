"""`python -m tests.vectors.pocket`: writes pocket.json, what the server and the pocket on a phone must both say.

Answers with their feedback, and lines of a log with what they add up to: one learner's course in three releases, on a phone
(her own lines, shuffled and repeated, some of them odd) and, in half of the cases, by other roads as well. What each says is
kept as the beginning of the SHA-256 of its canonical JSON.
"""

import hashlib
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from lms.content.model import Course, Module, Quiz
from lms.content.question_model import (
    BlanksQuestion,
    ChoiceQuestion,
    Expected,
    Gap,
    GapOption,
    Item,
    MatchQuestion,
    Option,
    OrderQuestion,
    Pair,
    Question,
    Target,
    TextQuestion,
)
from lms.learning.carried import carried as carried_question
from lms.learning.events import Event
from lms.learning.feedback import feedback
from lms.learning.grading import right_answer
from lms.learning.keys import AnswerKey, answer_key
from lms.learning.lineage import Lineage
from lms.learning.missed import missed
from lms.learning.progress import Last, Progress, Releases, Result, better, fold, later
from lms.learning.progress_json import dump
from lms.learning.standing import standing
from lms.learning.today import Record, today
from tests.answers import wrong_answer
from tests.learning.course import course, module, quiz, rules, story

FILE = Path(__file__).with_name("pocket.json")
SEED = 20261126
ANSWERS, FOLDS = 2400, 2400
OLD, LIVE, NEXT, UNKNOWN = "r0", "r1", "r2", "r9"
LEARNER, DEVICE, ELSEWHERE = (f"0198c000-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))
NAMES = ("constructor", "tostring", "valueof", "0", "12", "a", "z-9")
"""Ids that mean something to JavaScript, or that it puts in an order of its own."""
WORDS = (
    *(
        "Convención",
        "año",
        "Ñandú",
        "K’iche’",
        "«trata»",
        "co-autoría",
        "EE. UU.",
        "İstanbul",
        "ΣΊΣΥΦΟΣ",
        "straße",
        "ﬁn",
        "Å",
    ),
    *(
        "pingüino",
        "garçon",
        "n\u0303ato",
        "a\u0308b",
        "vale \U0001f642",
        "한국",
        "日本",
        "ǅ",
        "ʼn",
        "x\u0345",
        "1 < 2 & 'a' \"b\"",
        "क़",
        "ß.",
        ".",
        "convencion",
        "CONVENCIÓN",
        "ano",
    ),
)
SPACES = (" ", "\u00a0", "\u2003", "\u3000", "\u1680", "\u2028", "\x1c", "\x1f", "\x85", "\ufeff", "\u200b", "\t\n")
NUMBERS = (
    "18",
    "17.5..18.5",
    "-3",
    "-5..-1.5",
    "1200",
    "0.1",
    "0",
    "100..200",
    "1234567.25",
    "-0.5..0",
    "-4..4",
    "17.25..200",
)
SAID = (
    *(
        "18",
        "18,0",
        " 17.5 ",
        "−3",
        "–3",
        "+18",
        "1 200",
        "1\u202f200,0",
        "1\u00a0200",
        "\x1c18\x85",
        "\ufeff18",
        "１８",
        "١٨",
    ),
    *(
        "0",
        "-3",
        "150",
        "-1.5",
        "1e3",
        "0,1000",
        "0,10000000000001",
        "-0",
        "-0,25",
        ".5",
        "5.",
        "1.234.567,25",
        "1" * 40,
        "1" * 41,
        "18 años",
        "17..19",
    ),
)
MALFORMED: tuple[Any, ...] = (
    *(
        None,
        True,
        0,
        1.5,
        "",
        " ",
        "1",
        [],
        {},
        [None],
        [["1"]],
        ["1", "1"],
        ["constructor"],
        {"constructor": "t1"},
        {"1": None},
    ),
    *(
        {"__proto__": "t1"},
        {"1": "__proto__"},
        {"": ""},
        {"1": "x" * 201},
        "x" * 200,
        "x" * 201,
        "\U0001f600" * 200,
        "\U0001f600" * 201,
    ),
    *(
        {"length": "1"},
        {"0": "1"},
        "constructor",
        ["length"],
        "\ufeff",
        "\x1c",
        "\u3000",
        {"1": "\x85"},
        {"1": "\ufeff"},
    ),
)
TIMES = tuple(f"20{year}-11-2{day}T10:00:0{day}.000Z" for year in ("01", "26", "99") for day in (1, 2, 3))
STORE_ONLY = ("store.enrolled", "store.attempt_opened", "store.course_completed")


def canonical(value: Any) -> str:
    """The one JSON of a value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: Any) -> str:
    """The beginning of the SHA-256 of its JSON."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()[:12]


def told(question: Question, answer: Any) -> Any:
    """What is said of an answer, as a phone says it."""
    made = feedback(question, answer)
    return {"share": str(made.share), "parts": {key: asdict(part) for key, part in made.parts.items()}}


def progressed(progress: Progress) -> Any:
    """What lines add up to, as a phone keeps it: a sheet waits there, whatever is in it."""
    body = json.loads(dump(progress))
    sheets = {name: each["sheet"] for name, each in body["attempts"].items() if each["sheet"]}
    body["attempts"] = {
        name: {"sheet": {part: sheet[part] for part in ("n", "event", "release")}} for name, sheet in sheets.items()
    }
    return body


def stood(record: Record, release: Course) -> Any:
    """Where somebody stands, as a phone shows it."""
    found = standing(record, release, release.source)
    modules = [
        [
            *(each.module.id, each.required, each.begun, each.done, str(each.share), list(each.missing)),
            *(each.next_anchor, each.last),
        ]
        for each in found.modules
    ]
    following = found.next.module.id if found.next else None
    return [
        *(modules, found.met, found.complete, found.begun, found.done, found.required, found.minutes_left, following),
        waiting(record, answer_key(release)),
    ]


def waiting(record: Record, key: AnswerKey) -> list[str]:
    """What she missed in practice, as a phone knows it: it has no release of before, to tell what changed since."""
    found = missed(record, key)
    return [name for name in key.practice if name in {*found.open, *found.changed}]


def carried(record: Record) -> Any:
    """What the store tells a phone of what was done by other roads."""
    return {
        "enrolled": record.enrolled,
        "ended": sorted(record.ended),
        "best": {name: str(result.best) for name, result in record.results.items()},
        "last": {name: _last(result.last) for name, result in record.results.items()},
        "reviewed": {name: _last(last) for name, last in record.reviewed.items()},
        "scenarios": {name: sorted(outcomes) for name, outcomes in record.scenarios.items()},
        "kept": sorted(record.kept),
        "completed": sorted(record.completed),
        "place": {name: getattr(record.place, name) for name in ("at", "module", "section")} if record.place else None,
    }


def _last(last: Last) -> Any:
    return {"at": last.at, "event": last.event, "share": str(last.share)}


def attempts_of(record: Record) -> Any:
    """Her attempts, as the store tells a phone."""
    return {
        name: {
            "module": each.opened.module,
            "share": str(each.marked.share) if each.marked else None,
            "passed": bool(each.marked and each.marked.passed),
        }
        for name, each in record.attempts.items()
        if each.opened
    }


def joined(own: Record, other: Record) -> Record:
    """Two records of one release as one: what a phone makes of its own and of what the store told."""
    results: dict[str, Result] = dict(own.results)
    for name, result in other.results.items():
        results[name] = better(results.get(name), result)
    reviewed = dict(own.reviewed)
    for name, last in other.reviewed.items():
        reviewed[name] = later(reviewed.get(name), last)
    scenarios = {
        name: own.scenarios.get(name, frozenset()) | other.scenarios.get(name, frozenset())
        for name in {*own.scenarios, *other.scenarios}
    }
    places = [each for each in (own.place, other.place) if each]
    return replace(
        own,
        enrolled=own.enrolled or other.enrolled,
        ended=own.ended | other.ended,
        results=results,
        reviewed=reviewed,
        scenarios=scenarios,
        attempts=other.attempts,
        place=max(places, key=lambda each: each.at, default=None),
        completed=own.completed | other.completed,
        kept=own.kept | other.kept,
    )


class Dice(random.Random):
    """Chance, the same each time."""

    def word(self) -> str:
        """A word as somebody writes it."""
        text = self.choice(WORDS)
        changed = self.choice((str, str.upper, str.lower, str.title, str.swapcase, str.strip))(text)
        spaced = changed.replace(" ", self.choice(SPACES))
        return self.choice(
            (spaced, self.choice(SPACES) + spaced, spaced + self.choice((".", " .", "…", self.choice(SPACES))))
        )

    def some(self, things: Sequence[Any]) -> list[Any]:
        """Some of them, in any order."""
        return self.sample(things, self.randint(0, len(things)))

    def keys(self, count: int) -> list[str]:
        """Keys of parts."""
        return [str(n) for n in range(1, count + 1)] if self.random() < 0.6 else self.sample([*NAMES, "1", "2"], count)


def _reason(dice: Dice, key: str) -> str:
    return dice.choice(("", f"<p>Because «{key}» & so</p>", f"<p>porque {key}</p>"))


def _choice(dice: Dice, about: Mapping[str, Any]) -> Question:
    kind = dice.choice(("single", "multiple", "multiple", "true-false"))
    keys = dice.keys(2 if kind == "true-false" else dice.randint(2, 6))
    right = dice.sample(keys, dice.randint(1, len(keys)) if kind == "multiple" else 1)
    options = tuple(
        Option(line=0, key=key, html=f"<b>{key}</b>", right=key in right, feedback=_reason(dice, key)) for key in keys
    )
    return ChoiceQuestion(**about, kind=kind, options=options)


def _match(dice: Dice, about: Mapping[str, Any]) -> Question:
    targets = tuple(Target(key=key, html=f"<i>{key}</i> &amp;") for key in dice.keys(dice.randint(2, 4)))
    pairs = tuple(
        Pair(line=0, key=key, html=key, target=dice.choice(targets).key, feedback=_reason(dice, key))
        for key in dice.keys(dice.randint(2, 6))
    )
    return MatchQuestion(**about, kind=dice.choice(("match", "classify")), pairs=pairs, targets=targets)


def _order(dice: Dice, about: Mapping[str, Any]) -> Question:
    keys = dice.keys(dice.randint(2, 6))
    return OrderQuestion(
        **about, kind="order", items=tuple(Item(line=0, key=key, html=key, feedback=_reason(dice, key)) for key in keys)
    )


def _text(dice: Dice, about: Mapping[str, Any]) -> Question:
    kind = dice.choice(("short", "numeric"))
    texts = dice.sample(NUMBERS if kind == "numeric" else WORDS, dice.randint(1, 4))
    expected = tuple(
        Expected(line=0, key=str(n), text=text, right=n == 1 or dice.random() < 0.5, feedback=_reason(dice, str(n)))
        for n, text in enumerate(texts, start=1)
    )
    return TextQuestion(
        **about, kind=kind, match=dice.choice(("exact", "loose")), expected=tuple(dice.sample(expected, len(expected)))
    )


def _blanks(dice: Dice, about: Mapping[str, Any]) -> Question:
    gaps = []
    for key in dice.keys(dice.randint(1, 5)):
        words = dice.sample(WORDS, dice.randint(1, 4))
        right = dice.choice(words)
        options = tuple(
            GapOption(key=name, text=word, right=word == right)
            for name, word in zip(dice.keys(len(words)), words, strict=True)
        )
        chosen = dice.random() < 0.5
        gaps.append(Gap(key=key, accepted=() if chosen else tuple(words), options=options if chosen else ()))
    return BlanksQuestion(
        **about, kind="blanks", match=dice.choice(("exact", "loose")), texts=("",) * (len(gaps) + 1), gaps=tuple(gaps)
    )


KINDS = (_choice, _match, _order, _text, _blanks)


def question(dice: Dice, name: str, kind: Any = None, pool: str = "") -> Question:
    """A question of any kind."""
    about = {
        **{"line": 0, "id": name, "title": "", "vignette": "", "prompt": "", "pool": pool},
        **{"points": dice.choice((1, 1, 1, 2, 3, 7)), "scoring": dice.choice(("partial", "partial", "all"))},
    }
    made: Question = (kind or dice.choice(KINDS))(dice, about)
    return made


def answer(dice: Dice, asked: Question) -> Any:
    """An answer: right, wrong, half of it, written oddly, or no answer at all."""
    chance = dice.random()
    if chance < 0.25:
        return right_answer(asked)
    if chance < 0.35 and _can_be_wrong(asked):
        return wrong_answer(asked)
    if chance < 0.5:
        return dice.choice(MALFORMED)
    match asked:
        case ChoiceQuestion():
            return dice.some([option.key for option in asked.options])
        case MatchQuestion():
            keys = dice.some([pair.key for pair in asked.pairs])
            return {key: dice.choice(asked.targets).key for key in keys}
        case OrderQuestion():
            return dice.sample([item.key for item in asked.items], len(asked.items))
        case TextQuestion() if asked.kind == "numeric":
            return dice.choice([*SAID, *(end for each in asked.expected for end in each.text.split("..") * 5)])
        case TextQuestion():
            return dice.choice([dice.word(), *(_respelt(dice, each.text) for each in asked.expected)])
        case BlanksQuestion():
            return {gap.key: _filling(dice, gap) for gap in dice.some(asked.gaps)}


def _can_be_wrong(asked: Question) -> bool:
    match asked:
        case MatchQuestion():
            return len(asked.targets) > 1
        case BlanksQuestion():
            return all(not gap.options or any(not each.right for each in gap.options) for gap in asked.gaps)
    return True


def _respelt(dice: Dice, text: str) -> str:
    spelt = dice.choice((str.upper, str.lower, str.title, str.casefold))(text)
    return dice.choice((spelt, f"{spelt}.", dice.choice(SPACES) + spelt, spelt.replace("é", "e").replace("ó", "o")))


def _filling(dice: Dice, gap: Gap) -> str:
    if gap.options and dice.random() < 0.9:
        return dice.choice(gap.options).key
    return dice.choice([dice.word(), "", *(_respelt(dice, each) for each in gap.accepted)])


def text(release: Course, name: str, lineage: Lineage) -> Any:
    """A release as a pack has it, as far as marking and standing go by it."""
    key = answer_key(release)
    modules = [
        {
            **{"id": each.id, "kind": each.kind, "title": each.title, "minutes": each.minutes},
            **{"required": each.id in release.required, "quiz_mark": each.quiz_mark},
            "quizzes": _quizzes(key.lessons.get(each.id)),
            "questions": {one.id: carried_question(one) for one in _questions(key.lessons.get(each.id))},
            "scenarios": {one.id: {} for one in each.scenarios()},
        }
        for each in release.edition(release.source).modules.values()
    ]
    told_of = {"majors": dict(lineage.majors), "names": dict(lineage.names)}
    return {"release": name, "major": release.major, "modules": modules, "lineage": told_of}


def _quizzes(lesson: Module | None) -> list[Any]:
    blocks = [block for block in lesson.body if isinstance(block, Quiz)] if lesson else []
    return [{"id": block.id, "questions": [each.id for each in block.questions]} for block in blocks]


def _questions(lesson: Module | None) -> list[Question]:
    return list(lesson.questions()) if lesson else []


def courses(dice: Dice) -> dict[str, Course]:
    """Three releases of a course: the second calls some things otherwise, asks for more here and less there; the third
    begins anew."""
    found = {}
    for number, name in enumerate((OLD, LIVE, NEXT)):
        lessons = []
        for place in range(5):
            ids = [f"q-{place}-{n}" for n in range(8)] + [NAMES[place] + "-q" if number else NAMES[place]]
            made = [question(dice, each, KINDS[(place + n) % 5]) for n, each in enumerate(ids)]
            body = [quiz(*made[:2]), quiz(*made[2:]), story(NAMES[place])]
            lessons.append(module(f"m-{place}", *body, mark=dice.choice((0, 0, 40, 60, 75, 100))))
        last = module(f"{NAMES[0]}" if number else "m-old", story("e-9"))
        pools = [question(dice, f"t-{pool}-{n}", pool=pool) for pool in "ab" for n in range(3)]
        test = module("m-test", quiz(*pools), rules=rules(pass_mark=(80, 30, 50)[number]))
        modules = (*lessons, last, test)
        required = tuple(each.id for each in modules if each.id != "m-3" or number == 2)
        found[name] = course(*modules, required=required, major=2 if number == 2 else 1)
    return found


RENAMED = {**{name: f"{name}-q" for name in NAMES[:5]}, "m-old": NAMES[0]}


def lineages() -> dict[str, Lineage]:
    """How each of two releases is related to the others."""
    majors = {OLD: 1, LIVE: 1, NEXT: 2}
    return {live: Lineage(live=live, majors=majors, names=RENAMED) for live in (LIVE, NEXT)}


def line(dice: Dice, place: int, releases: Mapping[str, Course], *, of_store: bool) -> Event:
    """One line of hers, of this phone or another road."""
    release = dice.choice((OLD, LIVE, LIVE, LIVE, LIVE, NEXT, UNKNOWN, None))
    known = releases.get(release or "", releases[LIVE])
    lesson = dice.choice([each for each in known.edition("es").modules.values() if each.kind == "module"])
    kind = dice.choice(TYPES if not of_store else (*TYPES, *STORE_ONLY))
    item: str | None = lesson.id
    data: Any = {}
    if kind in ("learner.attempt_submitted", "learner.practice_answered"):
        questions = list(lesson.questions()) or [question(dice, "q-none")]
        given = dice.sample(questions, dice.randint(1, min(3, len(questions))))
        data = {"answers": {each.id: answer(dice, each) for each in given}}
        item = given[0].id
        if dice.random() < (0.6 if of_store else 0.2) and kind == "learner.attempt_submitted":
            pools = list(known.edition("es").modules["m-test"].questions())
            sheet = {each.id: answer(dice, each) if dice.random() < 0.4 else right_answer(each) for each in pools}
            data = {"attempt": _attempt(dice.randint(1, 6)), "answers": sheet}
            item = "m-test"
    elif kind == "learner.section_reached":
        data = {"section": dice.choice(("", "s-1", "s-2", "quiz-q-1-0"))}
    elif kind == "learner.scenario_ended":
        data = {"scenario": dice.choice((*NAMES[:3], "nobody")), "outcome": dice.choice(("good", "😀", "\ue000"))}
    elif kind == "store.attempt_opened":
        item = "m-test"
        data = {"drawn": dice.sample(["t-a-0", "t-a-1", "t-b-0", "t-b-1", "t-zzz"], 2)}
    elif kind == "store.course_completed":
        data = {"major": dice.choice((1, 2))}
    if dice.random() < 0.06:
        data = dice.choice(({}, {"answers": []}, {"answers": None, "attempt": 1}, {"section": 1}, {"outcome": "good"}))
    if dice.random() < 0.04:
        item = None
    identity = _attempt(dice.randint(1, 6)) if kind == "store.attempt_opened" else _id(place)
    return Event(
        id=identity,
        type=kind,
        learner=LEARNER,
        device=ELSEWHERE if of_store else DEVICE,
        n=dice.randint(1, 400),
        at=dice.choice(TIMES),
        course="curso",
        release=release,
        item=item,
        data=data,
    )


TYPES = (
    *("learner.enrolled", "learner.module_completed", "learner.module_completed", "learner.module_completed"),
    *("learner.section_reached", "learner.scenario_ended", "learner.practice_answered", "learner.unheard_of"),
    *("learner.attempt_submitted",) * 6,
)


def _id(place: int) -> str:
    return f"0198c000-0000-7000-9000-{place:012x}"


def _attempt(place: int) -> str:
    return f"0198c000-0000-7000-a000-{place:012x}"


def submits(event: Event) -> bool:
    """Whether it is the sheet of a test."""
    return isinstance(event.data.get("attempt"), str)


def case(dice: Dice, events: Sequence[Event], roads: int) -> list[Any]:
    """Which release lives, by which other road she came (-1: none), and which lines of hers are on the phone."""
    count = dice.choice((1, 2, 3, 5, 8, 13, 21))
    picked = [dice.randrange(len(events)) for _ in range(count)]
    picked += dice.some(picked[:4])
    dice.shuffle(picked)
    return [dice.choice((LIVE, LIVE, LIVE, NEXT)), dice.choice((-1, dice.randrange(roads))), picked]


def answers(dice: Dice, releases: Mapping[str, Course]) -> Iterator[list[Any]]:
    """Questions by release and id, each with an answer."""
    keys = {name: answer_key(each).practice for name, each in releases.items()}
    for _ in range(ANSWERS):
        release = dice.choice(list(keys))
        name = dice.choice(list(keys[release]))
        yield [release, name, answer(dice, keys[release][name])]


def expected(
    case_: Sequence[Any],
    events: Sequence[Event],
    roads: Sequence[Sequence[Event]],
    releases: Mapping[str, Course],
    keys: Releases,
) -> tuple[Any, Any, bool]:
    """What a phone's lines add up to, where she stands by them and what she did elsewhere, and whether that is what all of it
    at once comes to."""
    live, road, picked = case_
    mine = [events[place] for place in picked]
    progress = fold(mine, keys)
    there = lineages()[live]
    record = replace(today(progress, there, keys), attempts={})
    if road < 0:
        return progressed(progress), stood(record, releases[live]), True
    other = today(fold(roads[road], keys), there, keys)
    both = joined(record, other)
    sheets = [each for each in mine if not submits(each)]
    at_once = today(fold([*sheets, *roads[road]], keys), there, keys)
    place = stood(both, releases[live])
    return progressed(progress), place, place == stood(at_once, releases[live])


def made() -> dict[str, Any]:
    """All of pocket.json, and beside it what only the tests want to know."""
    dice = Dice(SEED)
    releases = courses(dice)
    keys = {name: answer_key(each) for name, each in releases.items()}
    events = [line(dice, place, releases, of_store=False) for place in range(420)]
    roads = [
        [line(dice, 1000 + 100 * number + place, releases, of_store=True) for place in range(dice.randint(3, 30))]
        for number in range(60)
    ]
    spoken = [[*each, digest(told(keys[each[0]].practice[each[1]], each[2]))] for each in answers(dice, releases)]
    folded, same = [], 0
    for _ in range(FOLDS):
        one = case(dice, events, len(roads))
        progress, place, is_same = expected(one, events, roads, releases, keys)
        same += is_same
        folded.append([one[0], one[1], ",".join(map(str, one[2])), digest(progress), digest(place)])
    return {
        "texts": {name: text(each, name, lineages().get(name, lineages()[LIVE])) for name, each in releases.items()},
        "answers": spoken,
        "events": [_told(each) for each in events],
        "roads": [_road(road, keys) for road in roads],
        "folds": folded,
        "same": same,
    }


def _told(event: Event) -> Any:
    return {name: getattr(event, name) for name in ("id", "type", "n", "at", "release", "item", "data")}


def _road(road: Iterable[Event], keys: Releases) -> Any:
    progress = fold(road, keys)
    records = {live: today(progress, lineage, keys) for live, lineage in lineages().items()}
    return {live: {"carried": carried(each), "attempts": attempts_of(each)} for live, each in records.items()}


def written() -> str:
    """What pocket.json holds: each thing on a line of its own."""
    parts = []
    for name, value in made().items():
        if isinstance(value, list):
            parts.append(f'"{name}": [\n' + ",\n".join(map(canonical, value)) + "\n]")
        elif isinstance(value, dict):
            lines = (f"{canonical(key)}: {canonical(each)}" for key, each in value.items())
            parts.append(f'"{name}": {{\n' + ",\n".join(lines) + "\n}")
        else:
            parts.append(f'"{name}": {canonical(value)}')
    return "{" + ",\n".join(parts) + "}\n"


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")
