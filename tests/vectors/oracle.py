"""What an answer earns, written from docs/format.md (“What an answer earns”) and not from the program's own grading.

Questions and answers are plain JSON values. It goes another way than `lms.learning.grading` wherever there is one: letters
with their marks instead of folded texts, a parser of characters and fractions instead of patterns and decimals.
"""

import unicodedata
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

Question = dict[str, Any]
LONGEST = 200
QUOTES = {**dict.fromkeys("’‘´`", "'"), **dict.fromkeys("“”«»", '"'), **dict.fromkeys("‐‑", "-")}
SPACES = " \u00a0\u202f"
NO_SHARE = Fraction(0)


def share(question: Question, answer: Any) -> Fraction:
    """The share of the question's points, 0 to 1."""
    kind = question["kind"]
    if kind in ("single", "true-false", "multiple"):
        return _choice(question, answer)
    if kind in ("match", "classify"):
        return _matched(question, answer)
    if kind == "order":
        return _ordered(question, answer)
    if kind == "blanks":
        return _filled(question, answer)
    return _written(question, answer)


def _choice(question: Question, answer: Any) -> Fraction:
    right = [each["key"] for each in question["options"] if each["right"]]
    wrong = [each["key"] for each in question["options"] if not each["right"]]
    if not _is_list_of(answer, right + wrong):
        return NO_SHARE
    if question["kind"] != "multiple":
        return Fraction(answer == right)
    hits, misses = sum(key in right for key in answer), sum(key in wrong for key in answer)
    if question["scoring"] == "all":
        return Fraction(hits == len(right) and misses == 0)
    return max(NO_SHARE, Fraction(hits - misses, len(right)))


def _matched(question: Question, answer: Any) -> Fraction:
    items = {each["key"]: each["target"] for each in question["pairs"]}
    targets = [each["key"] for each in question["targets"]]
    if not isinstance(answer, dict) or not all(key in items and value in targets for key, value in answer.items()):
        return NO_SHARE
    return _pieces(question, [answer.get(key) == target for key, target in items.items()])


def _ordered(question: Question, answer: Any) -> Fraction:
    items = [each["key"] for each in question["items"]]
    if not _is_list_of(answer, items) or len(answer) < len(items):
        return NO_SHARE
    return _pieces(question, [given == item for given, item in zip(answer, items, strict=True)])


def _filled(question: Question, answer: Any) -> Fraction:
    gaps = {gap["key"]: gap for gap in question["gaps"]}
    if not isinstance(answer, dict) or not all(key in gaps and _may_fill(gaps[key], answer[key]) for key in answer):
        return NO_SHARE
    loose = question["match"] == "loose"
    pieces = []
    for key, gap in gaps.items():
        given = answer.get(key, "")
        if gap["options"]:
            pieces.append(any(each["key"] == given and each["right"] for each in gap["options"]))
        else:
            pieces.append(any(alike(given, word, loose=loose) for word in gap["accepted"]))
    return _pieces(question, pieces)


def _may_fill(gap: dict[str, Any], given: Any) -> bool:
    return _is_written(given) and (not gap["options"] or given in ("", *(each["key"] for each in gap["options"])))


def _written(question: Question, answer: Any) -> Fraction:
    if not _is_written(answer):
        return NO_SHARE
    right = [each["text"] for each in question["expected"] if each["right"]]
    if question["kind"] == "short":
        return Fraction(any(alike(answer, text, loose=question["match"] == "loose") for text in right))
    value = number(answer)
    return Fraction(value is not None and any(_holds(text, value) for text in right))


def _pieces(question: Question, pieces: Sequence[bool]) -> Fraction:
    if question["scoring"] == "all":
        return Fraction(all(pieces))
    return Fraction(pieces.count(True), len(pieces))


def _is_list_of(answer: Any, keys: Sequence[str]) -> bool:
    return isinstance(answer, list) and all(key in keys and answer.count(key) == 1 for key in answer)


def _is_written(answer: Any) -> bool:
    return isinstance(answer, str) and len(answer) <= LONGEST


def alike(one: str, other: str, *, loose: bool) -> bool:
    """Whether two writings are the same answer."""
    return bool(one.strip()) and _letters(one, loose=loose) == _letters(other, loose=loose)


def _letters(text: str, *, loose: bool) -> list[tuple[str, str]]:
    """Each letter in small with the marks on it; with `loose` only the tilde of an ñ counts."""
    letters: list[tuple[str, str]] = []
    for each in unicodedata.normalize("NFD", " ".join(text.split())):
        if "\u0300" <= each <= "\u036f" and letters:
            base, marks = letters.pop()
            kept = each if not loose or (base == "n" and each == "\u0303") else ""
            letters.append((base, marks + kept))
        else:
            letters.append((QUOTES.get(each, each.lower()), ""))
    while letters and letters[-1] in ((".", ""), (" ", "")):
        letters.pop()
    return letters


def number(text: str) -> Fraction | None:
    """The number that somebody wrote."""
    if len(text) > 40:
        return None
    body = text.strip()
    negative = body[:1] in ("-", "−", "–")
    if body[:1] in ("+", "-", "−", "–"):
        body = body[1:]
    mark = next((each for each in body if each in ",."), "")
    whole, _, decimals = body.partition(mark) if mark else (body, "", "")
    if not _is_whole(whole) or (mark and not (_are_digits(decimals) and len(decimals) <= 12)):
        return None
    value = Fraction(int("".join(each for each in whole if each not in SPACES)))
    value += Fraction(int(decimals), 10 ** len(decimals)) if mark else 0
    return -value if negative else value


def _is_whole(text: str) -> bool:
    ends = _are_digits(text[:1]) and _are_digits(text[-1:])
    return ends and len(text) <= 22 and all(_are_digits(each) or each in SPACES for each in text)


def _are_digits(text: str) -> bool:
    return bool(text) and all("0" <= each <= "9" for each in text)


def _holds(text: str, value: Fraction) -> bool:
    low, _, high = text.partition("..")
    return Fraction(low) <= value <= Fraction(high or low)
