"""A list of people as a file that spreadsheets open, and that is imported again without a change."""

from collections.abc import Iterable, Iterator

from lms.i18n import DEFAULT_LANGUAGE, Reader
from lms.services.common.cells import csv_line
from lms.services.common.institutions import TYPES
from lms.services.people.people_file import COLUMNS, LANGUAGES, heading
from lms.storage.roll import FACTS, Account

MARK = b"\xef\xbb\xbf"
"""Of UTF-8, by which spreadsheets know it."""


def table(people: Iterable[Account], reader: Reader) -> Iterator[bytes]:
    """The list (RFC 4180), a line at a time, in the reader's language if lists may be in it."""
    if reader.language not in LANGUAGES:
        reader = Reader(DEFAULT_LANGUAGE, reader.zone)
    yield MARK + csv_line(heading(name, reader.language) for name in COLUMNS).encode()
    for each in people:
        said = {name: getattr(each.work, name) for name in FACTS}
        said |= {"username": each.username, "name": each.display_name, "language": each.language or ""}
        said["country"] = reader.country(each.work.country) if each.work.country else ""
        kind = each.work.institution_type
        said["institution_type"] = reader.gettext(TYPES[kind]) if kind in TYPES else ""
        yield csv_line(said[name] for name in COLUMNS).encode()
