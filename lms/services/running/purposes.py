"""What is kept of people, by purpose: which tables, what for, since when it is counted, and how it ends. Every table that may
hold something of somebody's belongs to one (docs/decisions/0037)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lms.i18n import N_

Ends = Literal["alone", "period", "account", "never"]
"""By itself, after a period that is a setting, with the account whose it is, or not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """Something that is kept. All texts are English, for gettext."""

    name: str
    """As the settings, the command line and the audit call it."""
    what: str
    why: str
    counted: str = ""
    """From when on its time runs; of what ends by itself, when that is."""
    goes: str = ""
    """What goes, where it is not the whole of it."""
    tables: Sequence[str] = ()
    ends: Ends


PURPOSES = (
    Purpose(
        name="sessions",
        what=N_("Who is signed in"),
        why=N_("So that a page knows whose it is."),
        counted=N_("when the session is over, after twelve hours at most"),
        tables=("sessions", "second_steps"),
        ends="alone",
    ),
    Purpose(
        name="throttles",
        what=N_("How often something was tried wrongly, under a hash"),
        why=N_("So that nobody guesses passphrases and codes."),
        counted=N_("a day after the last try"),
        tables=("throttles",),
        ends="alone",
    ),
    Purpose(
        name="quotas",
        what=N_("How much came from each phone in a day, under a hash"),
        why=N_("So that nobody fills the disk of this server."),
        counted=N_("a day after it came"),
        tables=("quotas",),
        ends="alone",
    ),
    Purpose(
        name="lists",
        what=N_("Lists of people that were sent and not confirmed"),
        why=N_("So that whoever sent one can look at it before it is imported."),
        counted=N_("an hour after it was sent"),
        tables=("drafts",),
        ends="alone",
    ),
    Purpose(
        name="knowledge",
        what=N_("How much somebody had right before a course; never what they answered"),
        why=N_("So that it can be held against what they have right after it."),
        counted=N_("when they answered after the course, after a year at most"),
        tables=("gains",),
        ends="alone",
    ),
    Purpose(
        name="drafts",
        what=N_("Answer sheets begun and not sent"),
        why=N_("So that the person can go on with them, on any device."),
        counted=N_("after being last saved"),
        tables=("drafts",),
        ends="period",
    ),
    Purpose(
        name="ways_in",
        what=N_("That somebody of the staff gave somebody a way back in"),
        why=N_("So that they are told who it was."),
        counted=N_("after being given, once they have read it"),
        tables=("resets",),
        ends="period",
    ),
    Purpose(
        name="cards",
        what=N_("Login cards that are void"),
        why=N_("So that after a loss it can be seen which cards there were."),
        counted=N_("after being voided"),
        tables=("login_cards",),
        ends="period",
    ),
    Purpose(
        name="reports",
        what=N_("Reports of errors that are done"),
        why=N_("So that an error that comes back is known. They say nobody's name, unless somebody wrote one."),
        counted=N_("after being written"),
        tables=("reports",),
        ends="period",
    ),
    Purpose(
        name="quarantine",
        what=N_("Lines that were not taken into the log"),
        why=N_("So that it can be found out why two lines say that they are the same."),
        counted=N_("after coming in"),
        tables=("quarantine",),
        ends="period",
    ),
    Purpose(
        name="answers",
        what=N_("What was answered to questions"),
        why=N_("So that they see their answers again, and a wrong key can be corrected."),
        counted=N_("after being answered"),
        goes=N_("The answers. What they were worth stays, and so does everything that follows from it."),
        tables=("events", "progress"),
        ends="period",
    ),
    Purpose(
        name="certificates",
        what=N_("The names and files of certificates"),
        why=N_("So that whoever lost theirs gets it again, and lists can name them."),
        counted=N_("after being made"),
        goes=N_("Name and files. The number stays, and whoever has the file can still check it."),
        tables=("certificates", "certificate_files"),
        ends="period",
    ),
    Purpose(
        name="unused",
        what=N_("Accounts that were made for somebody who never came"),
        why=N_("So that they find everything ready."),
        counted=N_("after being made"),
        goes=N_("The whole account and all that belongs to it."),
        tables=("people",),
        ends="period",
    ),
    Purpose(
        name="idle",
        what=N_("Accounts that nobody uses any more, without a completed course"),
        why=N_("So that they can go on where they stopped."),
        counted=N_("after the person last signed in or anything was recorded of them"),
        goes=N_("The whole account and all that belongs to it."),
        tables=("people",),
        ends="period",
    ),
    Purpose(
        name="idle_complete",
        what=N_("Accounts that nobody uses any more, with a completed course"),
        why=N_("So that the programme can say whom it has trained, and each gets their certificate again."),
        counted=N_("after the person last signed in or anything was recorded of them"),
        goes=N_("The whole account and all that belongs to it. The indicators no longer count the person."),
        tables=("people",),
        ends="period",
    ),
    Purpose(
        name="accounts",
        what=N_("Accounts: names, institutions, roles, choices, passphrases under a hash, second factors"),
        why=N_("So that everybody gets in, and only as themselves."),
        tables=("people", "roles", "login_cards", "second_factors", "recovery_codes", "links"),
        ends="account",
    ),
    Purpose(
        name="devices",
        what=N_("The phones that somebody takes courses with: what they call each, its key, until when it may send"),
        why=N_("So that what they did without a network can be told from what somebody made up."),
        tables=("devices",),
        ends="account",
    ),
    Purpose(
        name="learning",
        what=N_("What was done in the courses: modules ended, tests opened, results, courses completed"),
        why=N_("It is what certificates and lists rest on."),
        tables=("events", "progress", "attempts", "counters", "enrolments"),
        ends="account",
    ),
    Purpose(
        name="own",
        what=N_("Notes and bookmarks; that somebody answered a survey, never what"),
        why=N_("They are each person's own; and each answers a survey once."),
        tables=("notes", "bookmarks", "voters"),
        ends="account",
    ),
    Purpose(
        name="care",
        what=N_("Who looks after which group"),
        why=N_("So that nobody else sees its people."),
        tables=("cohort_coordinators",),
        ends="account",
    ),
    Purpose(
        name="comments",
        what=N_("Comments on courses, without an author"),
        why=N_(
            "They say how a course can be better. They have no day, so that nobody can tell whose they are, and so no period."
        ),
        tables=("comments",),
        ends="never",
    ),
    Purpose(
        name="audit",
        what=N_("What the staff did, by ids and without names"),
        why=N_(
            "So that it can be found out later. A line that was deleted could not be told from one that was covered up."
        ),
        tables=("audit",),
        ends="never",
    ),
)
OF_NOBODY = (
    "store",
    "pack_files",
    "releases",
    "courses",
    "media",
    "search",
    "countries",
    "settings",
    "first_codes",
    "goals",
    "cohorts",
    "cohort_courses",
    "tallies",
)
"""The tables that hold nothing of anybody's: courses, the groups themselves, settings, and counters."""
