"""Gathering what a check finds, file by file, and guessing what a misspelt word was meant to be."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from lms.content.diagnostics import Diagnostic


@dataclass(slots=True)
class Report:
    """Findings of one file; `within` gives a report of another file that adds to the same list."""

    file: str
    found: list[Diagnostic] = field(default_factory=list)

    def within(self, file: str) -> "Report":
        """The same list, for another file."""
        return Report(file, self.found)

    def error(self, line: int, code: str, message: str, **values: str | int) -> None:
        """Something that keeps the course from being published."""
        self.found.append(
            Diagnostic(file=self.file, line=line, code=code, severity="error", message=message, values=values)
        )

    def warning(self, line: int, code: str, message: str, **values: str | int) -> None:
        """Something that the author should look at."""
        self.found.append(
            Diagnostic(file=self.file, line=line, code=code, severity="warning", message=message, values=values)
        )

    def unknown(self, line: int, code: str, word: str, known: Iterable[str], *, plain: str, guess: str) -> None:
        """An unknown word: sentence `guess` (with `%(guess)s`) when a known one is near, else `plain`."""
        near = nearest(word, known)
        if near:
            self.error(line, code, guess, name=word, guess=near)
        else:
            self.error(line, code, plain, name=word)

    @property
    def failed(self) -> bool:
        """Whether anything found is an error."""
        return any(each.severity == "error" for each in self.found)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that looks most like it, or nothing."""
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.6)), "")
