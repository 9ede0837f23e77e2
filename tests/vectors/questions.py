"""The questions of the vectors, as a release holds them."""

from collections.abc import Sequence
from typing import Any

Question = dict[str, Any]
ABOUT = {"title": "", "vignette": "", "points": 1, "pool": "", "hints": [], "explanation": ""}


def _question(tag: str, kind: str, name: str, scoring: str, **values: Any) -> Question:
    return {"is": tag, "id": name, "prompt": f"{kind} {name}", **ABOUT, "scoring": scoring, "kind": kind, **values}


def choice(name: str, kind: str, keys: Sequence[str], right: Sequence[str], scoring: str = "partial") -> Question:
    """A question whose options have these keys."""
    options = [
        {"is": "Option", "key": key, "html": f"option {key}", "right": key in right, "feedback": ""} for key in keys
    ]
    return _question("ChoiceQuestion", kind, name, scoring, options=options)


def match(name: str, kind: str, pairs: dict[str, str], spare: int, scoring: str) -> Question:
    """Items with their targets, and so many targets that nothing belongs to."""
    keys = [*dict.fromkeys(pairs.values())]
    keys += [f"t{len(keys) + 1 + place}" for place in range(spare)]
    return _question(
        *("MatchQuestion", kind, name, scoring),
        pairs=[
            {"is": "Pair", "key": key, "html": f"item {key}", "target": target, "feedback": ""}
            for key, target in pairs.items()
        ],
        targets=[{"is": "Target", "key": key, "html": f"target {key}"} for key in keys],
    )


def order(name: str, keys: Sequence[str], scoring: str) -> Question:
    """Items in their right order."""
    items = [{"is": "Item", "key": key, "html": f"item {key}", "feedback": ""} for key in keys]
    return _question("OrderQuestion", "order", name, scoring, items=items)


def written(name: str, kind: str, how: str, right: Sequence[str], mistakes: Sequence[str] = ()) -> Question:
    """Something to write."""
    texts = [(text, True) for text in right] + [(text, False) for text in mistakes]
    expected = [
        {"is": "Expected", "key": str(place), "text": text, "right": good, "feedback": ""}
        for place, (text, good) in enumerate(texts, start=1)
    ]
    return _question("TextQuestion", kind, name, "partial", match=how, expected=expected)


def blanks(name: str, how: str, scoring: str, *gaps: Sequence[str] | str) -> Question:
    """Gaps: the words accepted, or `a|(b)|c` to choose from."""
    return _question(
        *("BlanksQuestion", "blanks", name, scoring),
        match=how,
        texts=["<p>", *[" "] * (len(gaps) - 1), "</p>"],
        gaps=[_gap(str(place), gap) for place, gap in enumerate(gaps, start=1)],
    )


def _gap(key: str, gap: Sequence[str] | str) -> dict[str, Any]:
    if not isinstance(gap, str):
        return {"is": "Gap", "key": key, "accepted": list(gap), "options": []}
    options = [
        {"is": "GapOption", "key": str(place), "text": word.strip("()"), "right": word.startswith("(")}
        for place, word in enumerate(gap.split("|"), start=1)
    ]
    return {"is": "Gap", "key": key, "accepted": [], "options": options}


CHOICES = [
    choice("single-2", "single", "12", "2"),
    choice("single-4", "single", "1234", "3"),
    choice("single-keys", "single", ["gasas", "venda", "nada", "4", "todo"], ["gasas"]),
    choice("true", "true-false", "12", "1"),
    choice("false", "true-false", ["verdad", "mentira"], ["mentira"]),
    *(
        choice(f"multiple-{len(keys)}-{len(right)}-{scoring}", "multiple", keys, right, scoring)
        for keys, right in (("123", "1"), ("1234", "13"), ("12345", "245"), ("abcde", "a"), ("12", "12"))
        for scoring in ("partial", "all")
    ),
]
MATCHES = [
    match(f"{kind}-{len(pairs)}-{spare}-{scoring}", kind, pairs, spare, scoring)
    for kind, pairs, spare in (
        ("match", {"1": "t1", "2": "t2"}, 0),
        ("match", {"1": "t1", "2": "t2", "tij": "t3"}, 2),
        ("match", {"1": "t1", "2": "t2", "3": "t3", "4": "t4"}, 0),
        ("classify", {"1": "t1", "2": "t1", "3": "t2"}, 0),
        ("classify", {"1": "t1", "2": "t2", "3": "t1", "4": "t3", "5": "t2"}, 1),
    )
    for scoring in ("partial", "all")
]
ORDERS = [
    order(f"order-{len(keys)}-{scoring}", keys, scoring)
    for keys in ("123", "abcd", "12345")
    for scoring in ("partial", "all")
]
WORDS = [
    written(f"short-{place}-{how}", "short", how, right, mistakes)
    for place, (right, mistakes) in enumerate(
        (
            (["Convención"], ["convenio"]),
            (["año"], ["ano"]),
            (["K’iche’"], []),
            (["«trata de personas»", "trata"], []),
            (["pingüino"], []),
            (["San José, Costa Rica"], ["San Jose"]),
            (["co-autoría"], []),
            (["EE. UU.", "Estados Unidos"], []),
            (["Ñandú"], []),
            (["garçon", "Ångström"], []),
            (["H2O"], ["CO2"]),
            (["İstanbul"], []),
            (["vale \U0001f642"], []),
        ),
        start=1,
    )
    for how in ("exact", "loose")
]
NUMBERS = [
    written(f"numeric-{place}", "numeric", "loose", right, mistakes)
    for place, (right, mistakes) in enumerate(
        (
            (["18"], ["19"]),
            (["17..19"], ["20"]),
            (["17.5..18.5"], []),
            (["-3"], ["3"]),
            (["-5..-1.5"], []),
            (["1200"], []),
            (["0.1"], []),
            (["0", "100..200"], ["150"]),
            (["1234567.25"], []),
        ),
        start=1,
    )
]
BLANKS = [
    blanks(f"blanks-{place}-{how}-{scoring}", how, scoring, *gaps)
    for place, gaps in enumerate(
        ([["sí", "claro"], "a|b|(c)"], [["consentimiento"]], ["(alto)|bajo", ["año", "los años"], "x|(y)|z"]), start=1
    )
    for how in ("exact", "loose")
    for scoring in ("partial", "all")
]
