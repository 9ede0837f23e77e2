"""Long lists, a page at a time: `?number=` is the page's."""

import re
from dataclasses import dataclass

from flask import request

SHOWN = 50
"""How much of a list stands on one page."""


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page of a list is shown, of how many."""

    number: int
    last: int

    @classmethod
    def read(cls, count: int) -> "Paging":
        """The page that the request asks for, of a list of so many; the nearest that there is."""
        last, asked = max(1, -(-count // SHOWN)), request.args.get("number", "")
        return cls(min(int(asked), last) if re.fullmatch(r"[1-9]\d{0,5}", asked) else 1, last)

    @property
    def offset(self) -> int:
        """How much of the list comes before it."""
        return (self.number - 1) * SHOWN
