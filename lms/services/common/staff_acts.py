"""What the staff can do, by the name in the audit, each with the sentence that the page about it shows."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection

from lms.i18n import N_
from lms.storage import audit

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "cohort-made": N_("Created a group"),
        "cohort-changed": N_("Changed a group"),
        "cohort-closed": N_("Closed a group"),
        "cohort-opened": N_("Opened a group again"),
        "cohort-code": N_("Gave a group another code"),
        "cohort-assigned": N_("Gave a group to somebody"),
        "cohort-unassigned": N_("Took a group from somebody"),
        "people-imported": N_("Imported a list of people"),
        "people-taken": N_("Took the list of a group's people"),
        "passphrases-given": N_("Printed new passphrases for people of a group"),
        "cards-made": N_("Printed login cards for people of a group"),
        "passphrase-given": N_("Gave somebody a new passphrase"),
        "person-reset": N_("Gave somebody a code to get back in"),
        "person-deactivated": N_("Deactivated somebody's account"),
        "person-reactivated": N_("Activated somebody's account again"),
        "person-signed-out": N_("Signed somebody out everywhere"),
        "device-revoked": N_("Let a phone send nothing more for somebody"),
        "account-made": N_("Opened an account for somebody of the staff"),
        "role-given": N_("Gave somebody a role"),
        "role-taken": N_("Took a role from somebody"),
        "cards-voided": N_("Voided somebody's login cards"),
        "second-factor-on": N_("Set up a second factor"),
        "second-factor-off": N_("Turned off their own second factor"),
        "second-factor-removed": N_("Removed somebody's second factor"),
        "certificate-asked": N_("Asked for a certificate in the place of another one"),
        "certificate-revoked": N_("Revoked a certificate"),
        "certificate-erased": N_("Erased the name and files of a certificate"),
        "paper-entered": N_("Entered the answers of a sheet of paper"),
        "goal-set": N_("Set a goal"),
        "goal-changed": N_("Changed a goal"),
        "goal-deleted": N_("Deleted a goal"),
        "indicators-taken": N_("Took the indicators as a file"),
        "certificates-taken": N_("Took the certificates of a group"),
        "roster-taken": N_("Took a list of people"),
        "setting-changed": N_("Changed a setting"),
        "first-code": N_("Had a code for the first administrator printed"),
        "first-administrator": N_("Became the first administrator"),
        "audit-taken": N_("Took the record of what the staff does"),
        "people-linked": N_("Linked two accounts of one person"),
        "people-unlinked": N_("Unlinked two accounts"),
        "quarantine-taken": N_("Took lines in quarantine as a file"),
        "quarantine-seen": N_("Put a line in quarantine aside as seen"),
        "quarantine-unseen": N_("Took back that a line in quarantine was seen"),
        "lines-checked": N_("Checked again what a phone sent"),
        "line-accepted": N_("Took what a line tells as a new act"),
        "person-erased": N_("Erased somebody's account and all that was theirs"),
        "retention-run": N_("Deleted what is kept no longer"),
    }
)


def note(tx: Connection, act: str, *, by: str, subject: str = "", now: datetime, **data: Any) -> None:
    """The act is in the audit. `by`: the id of whoever did it, empty for the command line. Raises KeyError for an act
    without a sentence."""
    _ = SENTENCES[act]
    audit.append(tx, actor=by, act=act, subject=subject, data=data, now=now)
