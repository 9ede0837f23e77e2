"""What a check found: where, which kind, how bad, and a sentence in the reader's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Gettext = Callable[[str], str]
Places = Mapping[str, tuple[str, int]]
"""File and line of each module and block of a course by id, and of the keys of course.yml as `:retired`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding in a course. `message` is English source text for gettext, with `%(name)s` places."""

    file: str
    line: int
    code: str
    severity: Literal["error", "warning"]
    message: str
    values: Mapping[str, str | int] = field(default_factory=dict)

    def sentence(self, gettext: Gettext) -> str:
        """The whole finding in words."""
        return gettext(self.message) % self.values if self.values else gettext(self.message)
