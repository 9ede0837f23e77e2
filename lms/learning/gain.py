"""What people know before and after a course: which form each is given first, and what the results of many come to."""

import hashlib
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from fractions import Fraction

from lms.content.units import FORMS

ENOUGH = 10
"""So many people are added to what is shown at once: no two states of it differ by fewer (docs/decisions/0038)."""
WHOLE = 1000
"""What all answers right are counted as: sums are of whole numbers, so that nothing is lost however many are added."""


def first_form(*, learner: str, course: str, major: int) -> str:
    """The form that she is given before the course: one or the other as by the toss of a coin, and always the same."""
    tossed = hashlib.sha256(f"{learner}/{course}/{major}/knowledge".encode()).digest()
    return FORMS[tossed[0] % 2]


def other_form(form: str) -> str:
    """The form for after the course."""
    return FORMS[1 - FORMS.index(form)]


def points(share: Fraction) -> int:
    """A share of all points as it is counted: 0 to WHOLE."""
    return round(share * WHOLE)


@dataclass(frozen=True, slots=True)
class Sums:
    """So many people who have answered both forms, and the sum of what they had right before and after."""

    people: int = 0
    before: int = 0
    after: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(one + another for one, another in zip(astuple(self), astuple(other), strict=True)))

    @classmethod
    def read(cls, counted: Mapping[str, int]) -> "Sums":
        """The sums that counters with these names hold."""
        return cls(**{name: counted.get(name, 0) for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Gain:
    """What so many people knew: means of the share that each had right, 0 to 1."""

    people: int
    before: Fraction
    after: Fraction

    @property
    def normalized(self) -> Fraction | None:
        """Of what was not known before, how much is known after (Hake, 1998): of the means, as it is defined for a class.
        Less than nothing where less is known; None where everything was known before."""
        return (self.after - self.before) / (1 - self.before) if self.before < 1 else None


def released(waiting: Sums) -> Sums:
    """Those who are shown from now on, of those who wait for it: all at once, when they are enough to hide one another."""
    return waiting if waiting.people >= ENOUGH else Sums()


def gain(sums: Sums) -> Gain | None:
    """What these sums say; None while there is nobody."""
    if not sums.people:
        return None
    return Gain(sums.people, *(Fraction(each, WHOLE * sums.people) for each in (sums.before, sums.after)))
