"""`python -m tests.vectors.make`: writes grading.json, the answers that any implementation of grading is held to.

The same bytes each time. Shares come from `oracle`, which knows docs/format.md and nothing of the program.
"""

import json
import random
import unicodedata
from collections.abc import Iterator
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

from tests.vectors.oracle import LONGEST, share
from tests.vectors.questions import BLANKS, CHOICES, MATCHES, NUMBERS, ORDERS, WORDS, Question

FILE = Path(__file__).with_name("grading.json")
SEED = 20261125
MOST, BAD = 45, 9  # answers to one question, and malformed ones
MALFORMED: list[Any] = [
    *(None, True, False, 0, 1, 1.5, "", " ", "1", "zzz", [], {}, [None], [1], [[]], [""], ["1", "1"], ["9"], ["zzz"]),
    *({"1": 1}, {"1": None}, {"1": ["t1"]}, {"9": "t1"}, {"1": "t9"}, {"1": ""}, {"": ""}, {"1": "x" * 201}, "x" * 201),
    *("\U0001f600" * 150, ["1", 2], {"1": {"1": "t1"}}, ["1", "2", "3", "4", "5", "6"], {"1": "t1", "zzz": "t1"}),
]
SHAPES = ("'’‘´`", '"“”«»', "-‐‑")
MINUS = ("-", "−", "–")
SIGNS = ("", "+", "-", "−", "–", "±", "--", "- ")
FIGURES = (
    *("18", "18,0", "18.00", "018", "17", "17,5", "17.49", "18,5", "18.51", "19", "19,000000000001", "16.999999999999"),
    *(
        "3",
        "3,0",
        "1,5",
        "1.49",
        "5",
        "1200",
        "1 200",
        "1\u00a0200",
        "1\u202f200",
        "1 2 0 0",
        "1.200",
        "1,200",
        "1'200",
    ),
    *("0", "0,0", "0,1", ".1", "0.1000", "0,10000000000001", "1e-1", "10%", "100", "150", "200", "200,1", "1/10"),
    *("1234567.25", "1 234 567,25", "1.234.567,25", "1,234,567.25", "12345678901234567890123", "4,", "4 ,5", "1_000"),
    *("", "dieciocho", "18 años", "1８", "١٨", "NaN", "Infinity", "0x12", "17..19", "18 ± 1", "1" * 41),
)
AROUND = ("{}", " {} ", "\t{}\n", "\u00a0{}", "{}.")


def cases() -> list[tuple[Question, Any]]:
    """Every question with every answer asked of it, each once."""
    dice = random.Random(SEED)
    found: list[tuple[Question, Any]] = []
    for questions, answers in (
        (CHOICES, _choices),
        (MATCHES, _matches),
        (ORDERS, _orders),
        (WORDS, _words),
        (NUMBERS, _numbers),
        (BLANKS, _blanks),
    ):
        for question in questions:
            tried = list(answers(question, dice))
            kept = tried if len(tried) <= MOST else dice.sample(tried, MOST)
            unique = {json.dumps(each): each for each in [*telling(question), *kept, *dice.sample(MALFORMED, BAD)]}
            found += [(question, each) for each in unique.values()]
    return found


def telling(question: Question) -> Iterator[Any]:
    """Answers that stand just on one side or the other of each rule."""
    right = right_answer(question)
    yield right
    if isinstance(right, list):
        yield from ([*right, "zzz"], [*right, 1], [*right, right[0]], right[::-1], right[:-1])
    elif isinstance(right, dict):
        first = next(iter(right))
        yield from ({**right, first: value} for value in ("", "zzz", 1, None, ["1"]))
        yield {**right, "zzz": right[first]}
    for each in question.get("expected", ()):
        yield from (_near_number if question["kind"] == "numeric" else _near_words)(each["text"])


def right_answer(question: Question) -> Any:
    """One that earns everything."""
    if question["kind"] in ("short", "numeric"):
        return next(each["text"] for each in question["expected"] if each["right"]).partition("..")[0]
    if question["kind"] in ("match", "classify"):
        return {each["key"]: each["target"] for each in question["pairs"]}
    if question["kind"] == "order":
        return [each["key"] for each in question["items"]]
    if question["kind"] == "blanks":
        return {gap["key"]: _first_word(gap) for gap in question["gaps"]}
    return [each["key"] for each in question["options"] if each["right"]]


def _first_word(gap: dict[str, Any]) -> str:
    return next((each["key"] for each in gap["options"] if each["right"]), "") or str(gap["accepted"][0])


def _near_words(text: str) -> Iterator[str]:
    """As long as an answer may be, one longer, and each sign in each of its shapes."""
    yield from (text.ljust(LONGEST, "."), text.ljust(LONGEST + 1, "."))
    for shapes in SHAPES:
        for sign in [each for each in shapes if each in text]:
            yield from (text.replace(sign, other) for other in shapes)


def _near_number(text: str) -> Iterator[str]:
    """Each end of the range, written in several ways, and just beside it."""
    for end in dict.fromkeys(text.split("..")):
        size, exact = end.lstrip("-"), end if "." in end else f"{end}.0"
        signs = MINUS if end.startswith("-") else ("", "+")
        yield from (sign + size for sign in signs)
        yield from (sign + exact.lstrip("-").replace(".", ",") for sign in signs)
        yield from (f"{exact}00", f"{exact}000000000001"[:40], end.ljust(40), end.ljust(41), f"\u2003{end}\n")
        yield from (f"{exact.ljust(exact.index('.') + 13, '0')}", f"{exact.ljust(exact.index('.') + 14, '0')}")
        yield from (f"{size[0]} {size[1:]}", f"{size[0]}\u202f{size[1:]}", f"{end}x", f"{end}.", f"{end},")


def _choices(question: Question, dice: random.Random) -> Iterator[Any]:
    keys = [each["key"] for each in question["options"]]
    for size in range(len(keys) + 1):
        for chosen in combinations(keys, size):
            yield dice.sample(chosen, size)


def _matches(question: Question, dice: random.Random) -> Iterator[Any]:
    keys = {each["key"]: each["target"] for each in question["pairs"]}
    targets = [None, *(each["key"] for each in question["targets"])]
    yield keys
    for _ in range(MOST):
        given = {key: target if dice.random() < 0.5 else dice.choice(targets) for key, target in keys.items()}
        yield {key: target for key, target in given.items() if target}


def _orders(question: Question, _dice: random.Random) -> Iterator[Any]:
    keys = [each["key"] for each in question["items"]]
    yield from (list(each) for each in permutations(keys))
    yield keys[:-1]
    yield [*keys, keys[0]]


def _words(question: Question, dice: random.Random) -> Iterator[Any]:
    for each in question["expected"]:
        yield from _spellings(each["text"], dice)


def _spellings(text: str, dice: random.Random) -> Iterator[str]:
    """The text as people write it: right ones, nearly right ones, wrong ones."""
    plain = "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))
    place = dice.randrange(len(text))
    yield from (text, text.upper(), text.lower(), text.title(), text.swapcase(), plain, plain.upper(), plain.lower())
    yield from (
        unicodedata.normalize("NFD", text),
        unicodedata.normalize("NFD", text.upper()),
        f"{text}.",
        f"{text} . .",
    )
    yield from (f"  {text}\t", text.replace(" ", " \u00a0 "), text.replace(" ", ""), text.replace(" ", "\u2003\n"))
    yield from (
        text.replace("-", " "),
        text.replace("’", ""),
        text.replace("«", "").replace("»", ""),
        text.replace(",", ""),
    )
    yield from (text.replace("ñ", "n").replace("Ñ", "N"), text.replace("ñ", "n\u0303"), text.replace("n", "ñ"))
    yield from (
        text[:place] + text[place + 1 :],
        text[:place] + "x" + text[place:],
        text + text,
        f".{text}",
        f"{text}!",
    )
    yield from (text.replace("ó", "ò"), text.replace("ü", "u"), text.replace("é", "e\u0301"), "…", ".", "'", ".*")


def _numbers(_question: Question, dice: random.Random) -> Iterator[Any]:
    yield from (sign + figures for sign in SIGNS[:5] for figures in FIGURES)
    yield from (around.format(figures) for around in AROUND for figures in FIGURES[:12])
    yield from (sign + dice.choice(FIGURES) for sign in SIGNS)


def _blanks(question: Question, dice: random.Random) -> Iterator[Any]:
    for _ in range(MOST):
        given = {gap["key"]: _filling(gap, dice) for gap in question["gaps"]}
        yield {key: value for key, value in given.items() if value is not None}


def _filling(gap: dict[str, Any], dice: random.Random) -> str | None:
    if dice.random() < 0.3:
        return dice.choice([None, "", "no", "9"])
    if gap["options"]:
        return str(dice.choice(gap["options"])["key"])
    return dice.choice(list(_spellings(dice.choice(gap["accepted"]), dice)))


def text() -> str:
    """What grading.json holds: each question once, and each answer on a line of its own."""
    found = cases()
    questions = {question["id"]: question for question, _ in found}
    lines = [f"{json.dumps(name)}: {json.dumps(question)}" for name, question in questions.items()]
    answers = [
        json.dumps({"question": question["id"], "answer": answer, "share": _fraction(question, answer)})
        for question, answer in found
    ]
    return '{{"questions": {{\n{}\n}},\n"cases": [\n{}\n]}}\n'.format(",\n".join(lines), ",\n".join(answers))


def _fraction(question: Question, answer: Any) -> str:
    worth = share(question, answer)
    return f"{worth.numerator}/{worth.denominator}"


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
