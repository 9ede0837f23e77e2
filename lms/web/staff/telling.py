"""What a line of the log tells, in words for whoever decides on it."""

from collections.abc import Mapping
from types import MappingProxyType

from lms.i18n import N_, Reader
from lms.learning import events as types
from lms.learning.countable import is_test_sheet
from lms.learning.events import Event
from lms.storage.releases import Release

KINDS: Mapping[str, str] = MappingProxyType(
    {
        types.ENROLLED: N_("A course begun"),
        types.MODULE_COMPLETED: N_("A module finished"),
        types.SCENARIO_ENDED: N_("A story finished"),
        types.SECTION_REACHED: N_("A section reached"),
        types.ATTEMPT_SUBMITTED: N_("Answers"),
        types.PRACTICE_ANSWERED: N_("Answers"),
    }
)
TEST, OTHER = N_("Final test"), N_("Another act")


def what(event: Event, reader: Reader) -> str:
    """What it says that somebody did."""
    if is_test_sheet(event):
        return reader.gettext(TEST)
    known = KINDS.get(event.type)
    return reader.gettext(known) if known else f"{reader.gettext(OTHER)} ({event.type})"


def where(event: Event, release: Release | None, reader: Reader) -> str:
    """The course and the module that it is about; their ids, where they are not known here."""
    if release is None:
        return ": ".join(each for each in (event.course, event.item) if each)
    edition = release.course.edition(reader.language)
    module = edition.modules.get(event.item or "")
    return ": ".join([edition.title, *([module.title if module else event.item] if event.item else [])])
