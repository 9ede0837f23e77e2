"""What people agree to before anything of theirs is kept: the text, its version, and what each of them has said to it."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from lms.i18n import N_
from lms.learning import events as types
from lms.services.common.record import Act, Pen, record
from lms.storage import event_log, people, preferences
from lms.storage.people import Person

VERSION = "3"
"""Raised with every change of the text that changes what is agreed to: everybody is asked again."""
SINCE = date(2026, 11, 26)
WITHDRAWN = "withdrawn"
"""Stands among a person's preferences in the place of the version, once she has withdrawn."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the text and the sentences below it."""

    heading: str
    sentences: tuple[str, ...]


TEXT = (
    Section(
        N_("What we keep"),
        (
            N_("Your username, and the name for your certificates."),
            N_("What you do in the courses: the modules that you finish, your answers and your tests."),
            N_("Your certificates."),
            N_("The groups that you join, and the notes and bookmarks that you make."),
            N_(
                "If an institution enrols you, what it tells us of you: its name and kind, the country, your number there, "
                "your telephone. You need not have any of it here to learn."
            ),
        ),
    ),
    Section(
        N_("What for"),
        (
            N_("So that you can go on where you stopped."),
            N_("So that you get a certificate, and anybody can check that it is genuine."),
            N_(
                "If you are in a group: so that its coordinator can call you, and can report who has completed a course."
            ),
            N_("For nothing else. Nobody sells your data or shows you advertising."),
        ),
    ),
    Section(
        N_("How long"),
        (
            N_("As long as you have your account. You can delete it, with all your data, at any time."),
            N_("A certificate that is deleted here stays valid in your hands; its number shows no name any more."),
        ),
    ),
    Section(
        N_("Who sees it"),
        (
            N_("You."),
            N_("If you join a group: its coordinator, who sees how far you are."),
            N_(
                "If you are in a group: whoever the programme reports to, such as who pays for it. Your name, institution "
                "and country, the courses that you have completed and their certificates; not your answers."
            ),
            N_("The people in charge of this site's server: %(issuer)s."),
            N_("Whoever checks a certificate: your name, the course and the date."),
        ),
    ),
    Section(
        N_("What you can do"),
        (
            N_("Correct your name, under “My account”."),
            N_("Withdraw your agreement, under “My account”. From then on nothing new about you is kept."),
            N_("See, download and delete your data, under “My data”. Who answers for it: %(issuer)s."),
        ),
    ),
    Section(
        N_("It is up to you"),
        (
            N_(
                "We ask only for what a course needs. Without it we can't keep your progress or give you a certificate."
            ),
            N_("Surveys and comments are up to you. The course and the certificate do not depend on them."),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What somebody agrees to: the version, the language she read it in, and the SHA-256 of what stood there."""

    version: str
    language: str
    digest: str


def told(say: Callable[[str], str], issuer: str) -> list[Section]:
    """The text in the language of `say`, as it is shown here."""
    return [
        Section(say(part.heading), tuple(say(sentence) % {"issuer": issuer} for sentence in part.sentences))
        for part in TEXT
    ]


def agreement(language: str, text: list[Section]) -> Agreement:
    """What whoever is shown that text agrees to."""
    lines = [line for part in text for line in (part.heading, *part.sentences)]
    return Agreement(VERSION, language, hashlib.sha256("\n".join(lines).encode()).hexdigest())


def is_asked(person: Person) -> bool:
    """Whether she has yet to say what she thinks of the text as it is now."""
    return person.preferences.consent != VERSION


def may_record(person: Person) -> bool:
    """Whether what she does may be kept: not once she has withdrawn."""
    return person.preferences.consent != WITHDRAWN


def give(tx: Connection, pen: Pen, *, person: str, agreed: Agreement, now: datetime) -> None:
    """She agrees; where she has agreed to this version before, nothing happens."""
    _say(tx, pen, person, agreed.version, Act(type=types.CONSENT_GIVEN, learner=person, data=asdict(agreed)), now=now)


def withdraw(tx: Connection, pen: Pen, *, person: str, now: datetime) -> None:
    """She does not agree, or no longer: this is the last that is recorded of her until she does."""
    act = Act(type=types.CONSENT_WITHDRAWN, learner=person, data={"version": VERSION})
    _say(tx, pen, person, WITHDRAWN, act, now=now)


def _say(tx: Connection, pen: Pen, person: str, word: str, act: Act, *, now: datetime) -> None:
    event_log.hold(tx, person)
    found = people.by_id(tx, person)
    if found is None or found.preferences.consent == word:
        return
    preferences.change(tx, person, consent=word)  # before the log, as whoever changes her account does
    record(tx, pen, act, now=now)
