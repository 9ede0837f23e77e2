"""The cells of a roster as people read them: a batch of lines at a time, column by column, so that what repeats is put into
words once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from lms.i18n import N_, Reader
from lms.learning.roster import Column
from lms.services.common.institutions import TYPES
from lms.storage.releases import Catalogue

Cell = str | date | int | float | None
"""An absent date or number is None, an absent text is empty."""
CERTIFICATE_STATES: Mapping[str, str] = MappingProxyType(
    {
        "requested": N_("Being prepared"),
        "issued": N_("Valid"),
        "replaced": N_("Replaced"),
        "revoked": N_("Revoked"),
    }
)
_MANY = 10_000
"""Words in memory at once."""
_A_DAY = len("2026-11-24")
_TO_ITS_END = timedelta(days=1, microseconds=-1)


OfColumn = Callable[[Sequence[Any]], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Form:
    """What a file makes of a cell, and of a column of texts that seldom repeat."""

    cell: Callable[[Cell], Any]
    texts: OfColumn


AS_IS = Form(cell=lambda cell: cell, texts=lambda texts: texts)
"""For whoever writes each cell by its kind."""


class Cells:
    """Makes the cells of each batch. Reads releases from the transaction when it first meets them."""

    def __init__(self, tx: Connection, catalogue: Catalogue, reader: Reader, form: Form) -> None:
        self._tx, self._catalogue, self._reader, self._form = tx, catalogue, reader, form
        days = Days(reader.zone, form.cell).column
        self._columns: Mapping[str, OfColumn] = {
            "started": days,
            "completed": days,
            "name": form.texts,
            "id": form.texts,
            "certificate": form.texts,
            "institution": self._worded(lambda name: name),
            "cohort": self._worded(lambda name: name),
            "type": self._worded(lambda kind: reader.gettext(TYPES[kind]) if kind in TYPES else kind),
            "country": self._worded(lambda code: reader.country(code) if code else ""),
            "course": self._worded(self._title),
            "release": self._worded(self._version),
            "hours": self._worded(self._hours),
            "score": self._worded(lambda score: score),
            "state": self._worded(lambda state: reader.gettext(CERTIFICATE_STATES[state]) if state else ""),
        }

    def columns(self, columns: Iterable[Column], lines: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
        """The batch's cells by column."""
        held = zip(columns, zip(*lines, strict=True), strict=True)
        return [self._columns[column.name](raw) for column, raw in held]

    def _worded(self, make: Callable[[Any], Cell]) -> OfColumn:
        words = _Words(lambda raw: self._form.cell(make(raw)))
        return lambda raw: [words[each] for each in raw]

    def _title(self, course: str) -> str:
        live = self._catalogue.live(self._tx, course)
        return live.course.edition(self._reader.language).title if live else course

    def _version(self, digest: str) -> str:
        release = self._catalogue.release(self._tx, digest) if digest else None
        return release.course.version if release else ""

    def _hours(self, digest: str) -> float | None:
        release = self._catalogue.release(self._tx, digest) if digest else None
        return (release.course.hours or None) if release else None


class _Words(dict[Any, Any]):
    """What `make` says of each key, asked once for as long as there are not too many."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Any) -> Any:
        if len(self) >= _MANY:
            self.clear()
        found = self[key] = self._make(key)
        return found


class Days:
    """The day that it is in a zone at moments written in UTC, as `cell` writes days."""

    def __init__(self, zone: tzinfo, cell: Callable[[Cell], Any]) -> None:
        self._zone, self._cell = zone, cell
        self._known = _Words(self._of_day)

    def column(self, moments: Sequence[str]) -> list[Any]:
        """The day of each."""
        known = self._known
        return [
            before if text < midnight else after
            for text in moments
            for midnight, before, after in (known[text[:_A_DAY]],)
        ]

    def _of_day(self, day: str) -> tuple[str, Any, Any]:
        """Of a day of UTC: the moment at which there is another day in the zone, and the days before and after it."""
        if not day:
            return ("", *[self._cell(None)] * 2)
        start = datetime.fromisoformat(day).replace(tzinfo=UTC)
        first, last = (each.astimezone(self._zone).date() for each in (start, start + _TO_ITS_END))
        midnight = datetime.combine(last, time(), self._zone).astimezone(UTC)
        return f"{midnight:%Y-%m-%d %H:%M:%S}", self._cell(first), self._cell(last)
