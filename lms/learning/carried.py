"""Practice as a phone takes it along: what marks an answer and what is told of it, in plain values for JSON."""

from dataclasses import asdict
from typing import Any

from lms.content.question_model import Question

SHOWN = ("line", "id", "title", "vignette", "prompt", "pool", "hints", "texts", "language")
"""What a question's form shows, or nobody needs there."""
ONLY_SHOWN = {"options": ("html",), "pairs": ("html",), "items": ("html",), "gaps": (), "expected": (), "targets": ()}
"""What of each of a question's parts its form shows. A target's HTML is told as what was chosen, and what is right."""


def carried(question: Question) -> dict[str, Any]:
    """What a phone needs of a practice question beside its form, by the names of `lms.content.question_model`."""
    plain = {name: value for name, value in asdict(question).items() if name not in SHOWN}
    for name, without in ONLY_SHOWN.items():
        if name in plain:
            plain[name] = [_without(part, ("line", *without)) for part in plain[name]]
    return plain


def _without(part: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name not in names}
