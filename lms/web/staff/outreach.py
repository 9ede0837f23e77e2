"""What the staff says of people and to them, in words. A message names no sensitive course, and tells nobody but its reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lms.content.model import Course
from lms.i18n import N_, NN_, Reader
from lms.learning.stuck import Kind, Reason
from lms.services.reporting.overview import Row
from lms.storage.devices import Phone
from lms.web.frame.words import remaining

PLAIN: Mapping[Kind, str] = MappingProxyType(
    {
        "closed": N_("account closed"),
        "withdrawn": N_("has withdrawn the agreement"),
        "test": N_("the final test is left"),
        "unsent": N_("a test begun and not sent"),
        "unheard": N_("nothing has arrived yet"),
        "sent": N_("a test sent that can't be marked here yet"),
    }
)
COUNTED: Mapping[Kind, tuple[str, str]] = MappingProxyType(
    {
        "unbegun": NN_("has not begun (joined %(n)s day ago)", "has not begun (joined %(n)s days ago)"),
        "modules": NN_("%(n)s module is left", "%(n)s modules are left"),
        "modules-and-test": NN_(
            "%(n)s module and the final test are left", "%(n)s modules and the final test are left"
        ),
        "away": NN_("an attempt taken along on a phone", "%(n)s attempts taken along on a phone"),
        "spent": NN_("used the only attempt", "used all %(n)s attempts"),
        "tried": NN_("%(n)s attempt used", "%(n)s attempts used"),
        "wait": NN_("waiting: next attempt in %(n)s minute", "waiting: next attempt in %(n)s minutes"),
        "silent": NN_("%(n)s day without activity", "%(n)s days without activity"),
        "quiet": NN_("nothing new has arrived for %(n)s day", "nothing new has arrived for %(n)s days"),
    }
)


@dataclass(frozen=True, slots=True)
class Message:
    """A plain text to be copied, and its language."""

    language: str
    text: str


def why(row: Row, reader: Reader) -> str:
    """Why she needs a call, or how she gets on: `the final test is left, 2 attempts used, 9 days without activity`; and what
    her phone may hold."""
    reasons = row.outlook.reasons
    if row.phone is None or row.outlook.away or not reasons:
        return ", ".join(_said(each, reader) for each in reasons)
    never = row.phone.received_at is None  # then it need not be said that nothing came
    told = [_said(each, reader) for each in reasons if not (never and each.kind == "unheard")]
    return "; ".join(each for each in (", ".join(told), _phone(row.phone, reader)) if each)


def personal(row: Row, course: Course, reader: Reader, *, program: str, url: str) -> Message:
    """What to write to that person, in her language."""
    kinds = {each.kind for each in row.outlook.reasons}
    values = {"name": row.member.name, "program": program, "course": course.discreet_title(reader.language), "url": url}
    said = [reader.gettext("Hello, %(name)s. I am writing from %(program)s about “%(course)s”.") % values]
    if row.outlook.complete:
        said.append(reader.gettext("You have completed it: congratulations!"))
        said += [reader.gettext("Your certificate is in your account.")] if course.certificate else []
    elif "spent" in kinds:
        said.append(
            reader.gettext("You have used every attempt at the test. Answer me and we will see what can be done.")
        )
    elif row.phone:  # what is left by what has come may be done already
        said.append(
            reader.gettext(
                "If you learn on your phone without a network: nothing is lost. Open the page of the courses once where there "
                "is a network, and what you did is sent by itself."
            )
        )
    elif "unbegun" in kinds:
        said.append(
            reader.gettext("It is ready for you. You can begin when you like, and go on another day where you were.")
        )
    else:
        said += [remaining(row.standing, reader), reader.gettext("What you have done is saved.")]
    if not row.outlook.complete:
        said.append(reader.gettext("Do you have any difficulty? Answer me here."))
    return Message(reader.language, f"{' '.join(said)}\n{url}")


def common(course: Course, reader: Reader, *, program: str, url: str) -> Message:
    """What to write to the whole group: the same for everybody, so that it says nothing of anybody."""
    values = {"program": program, "course": course.discreet_title(reader.language)}
    said = reader.gettext(
        "Hello, everybody. A greeting from %(program)s. In “%(course)s” you can go on whenever you like: what you have "
        "done is saved. If anything is difficult, write to me and I will help you."
    )
    return Message(reader.language, f"{said % values}\n{url}")


def _phone(phone: Phone, reader: Reader) -> str:
    if phone.received_at is None:
        return reader.gettext("takes courses along on a phone, which has sent nothing yet")
    said = reader.gettext("takes courses along on a phone, which last sent something on %(date)s")
    return said % {"date": reader.date(phone.received_at)}


def _said(reason: Reason, reader: Reader) -> str:
    if reason.kind == "unbegun" and not reason.n:
        return reader.gettext("has not begun (joined today)")
    if reason.kind in PLAIN:
        return reader.gettext(PLAIN[reason.kind])
    return reader.ngettext(*COUNTED[reason.kind], reason.n) % {"n": reason.n}
