"""Where administrators begin: the way to each of their rooms, with what waits there; and the keys."""

from flask import Blueprint, render_template

from lms.certificates import chain
from lms.i18n import N_
from lms.refusals import Refusal
from lms.services.certifying.key_report import KEPT, LISTS, LOCKS, report
from lms.services.common import clock
from lms.services.pocket import mending
from lms.storage import quarantine
from lms.web.frame.locale import gettext
from lms.web.frame.security import access
from lms.web.frame.site import site

blueprint = Blueprint("administration", __name__)
ROOMS = (
    (
        N_("People"),
        (
            (
                "people.everybody",
                N_("People and roles"),
                N_("Look for somebody, give or take roles, open accounts for the staff, erase."),
            ),
            (
                "same.likely",
                N_("The same person twice"),
                N_("Accounts that may be of one person, so that they count once."),
            ),
            ("cohorts.mine", N_("Groups"), N_("All groups, with who looks after each.")),
        ),
    ),
    (
        N_("Figures"),
        (
            ("rosters.page", N_("List of people"), N_("Who completed what, as a file.")),
            ("indicators.page", N_("Indicators"), N_("People trained and certificates, for the donor.")),
            ("indicators.every_goal", N_("Goals"), N_("What the programme wants to reach.")),
            ("evaluations.courses", N_("Evaluations"), N_("What people think of the courses.")),
            ("reports.inbox", N_("Reported errors"), N_("Errors that readers found in the courses.")),
        ),
    ),
    (
        N_("This installation"),
        (
            ("settings.page", N_("Settings"), N_("Names, signatories, logo, who may register, languages.")),
            ("administration.keys", N_("Keys and clock"), N_("With what certificates are signed, and until when.")),
            ("quarantined.page", N_("Quarantine"), N_("Records that came twice with different contents.")),
            (
                "mending.phones",
                N_("Phones with lines that do not count"),
                N_("What phones sent that nobody can vouch for yet, and what can be done."),
            ),
            (
                "retention.page",
                N_("What is kept"),
                N_("What is kept of people, for how long, and what is past its time."),
            ),
            ("audits.page", N_("What the staff did"), N_("Every act of those who coordinate and administer.")),
        ),
    ),
)
"""The rooms by what they are about: of each its endpoint, its name, and what it is for."""


@blueprint.get("/staff")
@access("administrator")
def page() -> str:
    """Every room, with what waits in it."""
    now = site().clock()
    with site().database.reading() as tx:
        waiting, phones = quarantine.count(tx, seen=False), len(mending.in_doubt(tx))
        behind = clock.is_behind(now, clock.floor(tx))
    return render_template(
        "staff/administration.html", rooms=ROOMS, waiting=waiting, phones=phones, advised=behind or is_advised()
    )


@blueprint.get("/staff/keys")
@access("administrator")
def keys() -> str:
    """What keys and lists are here, until when, and what to do next; what the clock says."""
    now = site().clock()
    with site().database.reading() as tx:
        lowest = clock.floor(tx)
    found, error = None, ""
    try:
        found = report(site().settings, now=now)
    except Refusal as refusal:
        error = refusal.sentence(gettext)
    return render_template(
        "staff/keys.html",
        report=found,
        root_until=found.root.not_valid_after_utc if found else None,
        fingerprint=chain.fingerprint,
        words={"locks": LOCKS, "kept": KEPT, "lists": {kind: gettext(name) for kind, name in LISTS.items()}},
        now=now,
        lowest=lowest,
        behind=clock.is_behind(now, lowest),
        error=error,
    )


def is_advised() -> bool:
    """Whether something is to be done about the keys."""
    try:
        return bool(report(site().settings, now=site().clock()).next)
    except Refusal:
        return True
