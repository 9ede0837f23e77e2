"""What an administrator chooses in the browser: checked as the file's values are, kept, noted in the audit
(docs/decisions/0035)."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from lms.certificates.chain import organisation_of
from lms.certificates.keys import load_certificate
from lms.certificates.protection import BadKey
from lms.config import CHOSEN, BadSetting, Origin, Settings, Signatory
from lms.i18n import N_
from lms.refusals import Refusal
from lms.services.common.staff_acts import note
from lms.services.running import in_force
from lms.storage import settings as stored
from lms.storage.database import Database

SIGNATORIES = 3
"""As many as a certificate has room for."""
_UNSAID = ("logo", "signatories")
"""Of which the audit has no value: a picture, and names of people."""


class NotUsable(Refusal):
    """Something that was chosen can't be used: nothing was changed."""

    message = N_("Nothing was saved: look at what stands beside the fields.")

    def __init__(self, reasons: Mapping[str, BadSetting]) -> None:
        super().__init__()
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Shown:
    """A setting as it is in force. `origin`: who has set it, `chosen` in the browser, empty for what the program has by
    itself. `since`: when it was chosen. `unusable`: why what was chosen is not in force."""

    name: str
    value: Any
    origin: Origin | str
    since: datetime | None = None
    unusable: BadSetting | None = None

    @property
    def is_fixed(self) -> bool:
        """Whether only whoever runs the computer sets it."""
        return self.origin not in ("", "chosen")


def shown(tx: Connection, own: Settings) -> dict[str, Shown]:
    """Every setting that may be chosen."""
    rows, current, found = stored.every(tx), in_force.read(tx, own), {}
    for name in CHOSEN:
        row, value = rows.get(name), getattr(current, name)
        if name in own.fixed:
            found[name] = Shown(name, value, own.fixed[name])
        elif row is None:
            found[name] = Shown(name, value, "")
        else:
            reason = _reason(own, name, in_force.meant(name, row.value))
            found[name] = Shown(name, value, "" if reason else "chosen", row.changed_at, reason)
    return found


def change(database: Database, own: Settings, values: Mapping[str, Any], *, by: str, now: datetime) -> list[str]:
    """The names of those that are other ones from now on, in every process. What is fixed stays as it is; `logo` is the
    bytes of a picture, or None for none. Raises NotUsable."""
    asked = {name: value for name, value in values.items() if name in CHOSEN and name not in own.fixed}
    with database.writing() as tx:
        before, lost = in_force.read(tx, own), {name for name, each in shown(tx, own).items() if each.unusable}
        after = _chosen(before, asked)
        changed = [name for name in asked if name in lost or getattr(after, name) != getattr(before, name)]
        for name in changed:
            _keep(tx, name, getattr(after, name), now=now)
            said = {} if name in _UNSAID else {"old": plain(getattr(before, name)), "new": plain(getattr(after, name))}
            if name == "logo":
                said = {"sha256": hashlib.sha256(after.logo).hexdigest() if isinstance(after.logo, bytes) else ""}
            note(tx, "setting-changed", by=by, subject=name, now=now, **said)
    if changed:
        in_force.tell(own)
    return changed


def vouching(settings: Settings) -> str:
    """In whose name a root that is kept elsewhere vouches for this installation's key: its certificates can't name another
    issuer. Empty where the root lies here, or there is no key."""
    if (settings.keys / "root.key").exists():
        return ""
    try:
        return organisation_of(load_certificate(settings.keys / "root.pem"))
    except BadKey:
        return ""


def plain(value: Any) -> Any:
    """The value as JSON has it."""
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, tuple):
        return [
            {"name": each.name, "position": each.position} if isinstance(each, Signatory) else each for each in value
        ]
    return value


def _chosen(before: Settings, asked: Mapping[str, Any]) -> Settings:
    """Raises NotUsable."""
    after, reasons = before, {}
    for name, value in asked.items():
        try:
            after = after.choosing(name, value) if value is not None else _without(after, name)
            _check(before, after, name)
        except BadSetting as reason:
            reasons[name] = reason
    if reasons:
        raise NotUsable(reasons)
    return after


def _check(before: Settings, after: Settings, name: str) -> None:
    if name == "signatories" and len(after.signatories) > SIGNATORIES:
        raise BadSetting(name, N_("A certificate has room for %(most)s signatories."), most=SIGNATORIES)
    if name == "issuer" and after.issuer != before.issuer:
        vouched = vouching(after)
        if vouched and vouched.casefold() not in after.issuer.casefold():
            message = N_(
                "The key that certificates are signed with was certified by “%(who)s”, and whoever checks one sees that. "
                "The issuer's name must have it in it. For another name ask whoever keeps the root's key."
            )
            raise BadSetting(name, message, who=vouched)


def _reason(own: Settings, name: str, value: Any) -> BadSetting | None:
    try:
        own.choosing(name, value)
    except BadSetting as reason:
        return reason
    return None


def _without(settings: Settings, name: str) -> Settings:
    if name != "logo":
        raise BadSetting(name, N_("Write something here."))
    return replace(settings, logo=None)


def _keep(tx: Connection, name: str, value: Any, *, now: datetime) -> None:
    if value is None:
        stored.take_out(tx, name)
    else:
        stored.put(tx, name, plain(value), now=now)
