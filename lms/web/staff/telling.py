"""What a line of the log tells, in words for whoever decides on it."""

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup, escape

from lms.content.model import Edition, Module
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


def said(event: Event, release: Release | None, reader: Reader) -> Markup:
    """The same with the course and the module that it is about, each in its own language; their ids, where they are not known
    here."""
    return Markup(" · ").join(each for each in (escape(what(event, reader)), _where(event, release, reader)) if each)


def _where(event: Event, release: Release | None, reader: Reader) -> Markup:
    if release is None:
        return Markup(": ").join(each for each in (event.course, event.item) if each)
    edition = release.course.edition(reader.language)
    module = edition.modules.get(event.item or "")
    about = [_titled(edition)]
    if event.item:
        about.append(_titled(module) if module else escape(event.item))
    return Markup(": ").join(about)


def _titled(part: Edition | Module) -> Markup:
    return Markup('<span lang="{}">{}</span>').format(part.language, part.title)
