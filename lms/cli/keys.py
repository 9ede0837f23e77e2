"""`lms keys`: the keys that certificates are signed with, from the root to each hub (docs/operating.md, decision 0023)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import click

from lms.certificates import chain, delegation, keys
from lms.certificates.delegation import ANSWER, REQUEST
from lms.certificates.lists import type_of
from lms.certificates.protection import Lock, protection_of
from lms.certificates.qr import NoCode
from lms.certificates.said import attached
from lms.certificates.trust import Entry, KeysList, SignedList, Trust, digest
from lms.certificates.verify import Verification
from lms.cli.place import ask_passphrase, in_force, is_file, keep_private, now, read_file
from lms.cli.speech import SpokenGroup, _, ngettext
from lms.config import Settings
from lms.i18n import N_
from lms.ids import code
from lms.services.certifying import custody
from lms.services.certifying.key_report import KEPT, LISTS, LOCKS, report
from lms.services.certifying.verifying import verified
from lms.services.common import registers

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
MOST_SHOWN = 60  # characters of what somebody named, in a sentence about it
LEAST = 8  # characters of a fingerprint that have to be compared
REASONS = {"retired": N_("retired"), "stolen": N_("stolen")}
with_root = click.option(
    "--root",
    "root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=N_("The folder with the root's keys, such as a stick; by default this installation's folder of keys."),
)


@click.group(cls=SpokenGroup)
def command() -> None:
    """Keys: init, request, issue, install, rotate, revoke, show, protect, countersign."""
    keep_private()


@command.command()
@click.option(
    "--root",
    "root",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help=N_("The folder, such as a stick."),
)
def init(root: Path) -> None:
    """Make a root in a folder of its own, locked with a passphrase that you choose; what is there stays.

    Keep it on two sticks in two drawers: it is needed once a year for each hub, and when a key is stolen. (`lms init`
    makes a root beside the other keys, which is enough to try it.)

    Example: lms keys init --root /media/stick/vereda
    """
    settings, lock = _place()
    if not (root / "root.key").exists() or protection_of(root / "root.key") != "passphrase":
        _choose(lock)
    custody.make_root(settings, root, lock, code=code(2), how="passphrase", now=now())
    _tell_root(root)


@command.command()
@click.option("--out", type=OUT, help=N_("The file to write; by default request-CODE.json."))
@click.option(
    "--new", "anew", is_flag=True, help=N_("The present key is lost, stolen or withdrawn: do not sign with it.")
)
def request(out: Path | None, anew: bool) -> None:
    """Make new keys and write the request for their certificate. Send it to whoever has the root; tell its fingerprint
    by another way. The private keys stay here, and the present ones sign until the answer is installed.

    Example: lms keys request --out request.json
    """
    settings, lock = _place()
    _write_request(custody.request(settings, lock, anew=anew), out)


@command.command()
@click.argument("file", type=FILE)
@with_root
@click.option("--out", type=OUT, help=N_("The file to write; by default answer-CODE.json."))
@click.option("--central", is_flag=True, help=N_("This issuer is central: it may register what the others issue."))
@click.option("--continues", default="", help=N_("The key of the issuer that this is, when the request can't show it."))
@click.option("--fingerprint", "told", help=N_("The request's fingerprint as the hub told it; asked for otherwise."))
def issue(file: Path, root: Path | None, out: Path | None, central: bool, continues: str, told: str | None) -> None:
    """Answer the request FILE of a hub: one file with its certificate, the endorsement and the new list of keys.

    Example: lms keys issue request.json --root /media/stick/vereda
    """
    settings, lock = _place()
    data = file.read_bytes()
    asked = delegation.read_request(data)
    click.echo(_("A request of the issuer %(code)s.") % {"code": asked.code})
    _compare(asked.fingerprint, told, _("Its fingerprint, as the hub told it"))
    made = custody.issue(
        settings, data, lock, root_folder=root or settings.keys, now=now(), central=central, continues=continues
    )
    path = out or Path(f"answer-{asked.code}.json")
    path.write_bytes(made.answer)
    _tell_key(made.entry)
    if made.same_code:
        click.echo(_("Another issuer has this code too. That is allowed: keys tell them apart."))
    click.echo(_("Written: %(file)s. Send it to the hub, which installs it with `lms keys install`.") % {"file": path})
    _tell_root(root or settings.keys)


@command.command()
@click.argument("file", type=FILE)
@click.option("--fingerprint", "told", help=N_("The fingerprint of a root that is new here; asked for otherwise."))
def install(file: Path, told: str | None) -> None:
    """Install FILE: the answer to this installation's request, or a newer list of keys, numbers or registrations.

    Example: lms keys install answer.json
    """
    settings, lock = _place()
    data = file.read_bytes()
    shelf = registers.shelf_of(settings)
    kind = type_of(data)
    if kind == REQUEST:
        raise click.ClickException(_("This is a request. Whoever has the root answers it with `lms keys issue`."))
    if kind != ANSWER:
        _tell_list(shelf.take(data))
        return
    answer = delegation.read_answer(data)
    if answer.root not in shelf.load().roots:
        click.echo(_("This answer comes from a root that is not known here yet."))
        _compare(chain.fingerprint(answer.root), told, _("The root's fingerprint, as whoever has it told you"))
    custody.install(settings, answer, lock, now=now())
    _tell_key(answer.entry)
    click.echo(_("Certificates are signed with this key from now on. The one before it was deleted."))


@command.command()
@with_root
@click.option("--out", type=OUT, help=N_("The file to write a request to, where the root is elsewhere."))
def rotate(root: Path | None, out: Path | None) -> None:
    """Renew this installation's key before its time of use ends: at once where the root is, else by a request.

    What the old key signed stays valid. With the root elsewhere this is `lms keys request`.

    Example: lms keys rotate --root /media/stick/vereda
    """
    settings, lock = _place()
    asked = custody.request(settings, lock)
    folder = root or settings.keys
    if not (folder / "root.key").exists():
        _write_request(asked, out)
        return
    made = custody.issue(settings, asked, lock, root_folder=folder, now=now())
    custody.install(settings, delegation.read_answer(made.answer), lock, now=now())
    _tell_key(made.entry)
    click.echo(_("Certificates are signed with this key from now on. The one before it was deleted."))


@command.command()
@click.argument("key")
@click.option("--reason", required=True, type=click.Choice(list(REASONS)), help=N_("Why."))
@click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), help=N_("Since which day; of a theft the last day it was safe.")
)
@with_root
def revoke(key: str, reason: str, day: datetime | None, root: Path | None) -> None:
    """Withdraw the issuer key whose id begins with KEY, in the root's list. Hand the new list to everybody.

    Retired: what it signed until that day stays valid. Stolen: only what central had registered by that day does, since
    a thief can sign with yesterday's date. A withdrawal can't be taken back.

    Example: lms keys revoke 3f9a2c01 --reason stolen --on 2026-11-20 --root /media/stick/vereda
    """
    settings, lock = _place()
    folder, on = root or settings.keys, day.date() if day else now().date()
    book = custody.revoke(
        settings, key, lock, root_folder=folder, reason="stolen" if reason == "stolen" else "retired", on=on, now=now()
    )
    _tell_list(book)
    click.echo(
        _("Hand on this file; everybody installs it with `lms keys install`: %(file)s") % {"file": folder / "list.json"}
    )


@command.command()
def show() -> None:
    """Show which keys and lists are here, fingerprints, until when, and what to do next.

    Example: lms keys show
    """
    settings = in_force()
    found = report(settings, now=now())
    _tell_root(settings.keys)
    period = {"code": found.code, "key": found.key}
    click.echo(_("Issuer %(code)s, key %(key)s") % period)
    click.echo(f"  SHA-256 {chain.fingerprint(found.certificate)}")
    left = ngettext("%(n)s day left", "%(n)s days left", max(found.days_left, 0)) % {"n": max(found.days_left, 0)}
    click.echo(
        "  " + _("signs from %(starts)s to %(until)s") % {"starts": found.starts, "until": found.until} + f": {left}"
    )
    click.echo(_("Private keys"))
    for name, lock in found.locks.items():
        click.echo(f"  {name:<18} {_(LOCKS[lock])}")
    if found.kept != "none":
        click.echo(
            "  " + _("The secret that opens them: %(file)s") % {"file": settings.secret} + f": {_(KEPT[found.kept])}"
        )
    click.echo(_("Lists"))
    for each in found.lists:
        _tell_list(each)
        for entry in each.entries if isinstance(each, KeysList) else ():
            _tell_entry(entry)
    for message, values in found.next:
        click.echo("→ " + _(message) % values)


@command.command()
@click.option(
    "--passphrase", is_flag=True, help=N_("Lock root and issuer with a passphrase instead of the secret file.")
)
@with_root
def protect(passphrase: bool, root: Path | None) -> None:
    """Lock the private keys of this installation with its secret file, or with a passphrase that you choose.

    With --root those in that folder, always with a passphrase. Where keys are under a passphrase, `lms worker` asks for
    it at each start: without somebody there no certificates are made.

    Example: lms keys protect
    """
    settings, lock = _place()
    if passphrase or root:
        _choose(lock)
    done = custody.protect(root or settings.keys, lock, how="passphrase" if passphrase or root else "secret")
    click.echo(_("Locked: %(names)s") % {"names": ", ".join(done)})
    if not root:
        sentence = _(
            "The secret is in %(file)s. Keep a copy of it apart from your backups: without it nothing opens the keys."
        )
        click.echo(sentence % {"file": settings.secret})


@command.command()
@click.argument("certificates", nargs=-1, required=True, metavar="FILE|ADDRESS...")
def countersign(certificates: Sequence[str]) -> None:
    """Register, at central, that it has received these certificates today, so that they outlive a theft of their key.

    A FILE is a PDF, a credential.json, or a text with the addresses of QR codes, one on each line. Each is a signed file of
    its own: what is not registered is not saved. With a PDF the credential.json in it is registered too.

    Example: lms keys countersign received/*
    """
    settings, lock = _place()
    issuer, trust = keys.load_issuer(settings.keys, lock), registers.shelf_of(settings).load()
    digests: dict[bytes, list[str]] = {}
    for name in certificates:
        for found in _received(name, trust):
            digests.setdefault(found.kid, []).append(digest(found.whole))
    for kid, each in digests.items():
        _tell_list(registers.countersign(settings, issuer, of=kid, digests=each, now=now()))


def _received(name: str, trust: Trust) -> Iterator[Verification]:
    """The certificates of that name: every signed part of a file, or a code. Raises ClickException for what is none."""
    for shown in _shown(name):
        try:
            found = verified(shown, trust, now())
        except NoCode:
            found = None
        if found is None or found.outcome != "valid":
            sentence = _("%(file)s is not a genuine certificate: nothing was registered.")
            raise click.ClickException(sentence % {"file": name[:MOST_SHOWN]})
        yield found
        badge = attached(found.whole)
        within = verified(badge, trust, now()) if badge else None
        if within and within.outcome == "valid":
            yield within


def _shown(name: str) -> list[bytes | str]:
    """What is in a file of that name: a certificate, or lines of text; else the name itself, which is an address then."""
    if not is_file(name):
        return [name]
    data = read_file(name)
    if data.lstrip().startswith((b"%PDF", b"{")) or not data.strip():
        return [data]
    return [each for each in data.decode("utf-8", "replace").splitlines() if each.strip()]


def _place() -> tuple[Settings, Lock]:
    settings = in_force()
    return settings, Lock(settings.secret, ask_passphrase)


def _choose(lock: Lock) -> None:
    """A new passphrase is typed in, twice."""
    lock.choose(click.prompt(_("A new passphrase for these keys"), hide_input=True, confirmation_prompt=_("Once more")))


def _compare(real: str, told: str | None, question: str) -> None:
    """Raises ClickException unless what somebody was told, or types in, is how the fingerprint begins."""
    typed = "".join(each for each in (told or click.prompt(question)).upper() if each.isalnum())
    if len(typed) < LEAST or not real.replace(" ", "").replace(":", "").startswith(typed):
        sentence = _("This is not its fingerprint, or fewer than %(n)s characters of it. Nothing was done.")
        raise click.ClickException(sentence % {"n": LEAST})


def _write_request(data: bytes, out: Path | None) -> None:
    path = out or Path(f"request-{delegation.read_request(data).code}.json")
    path.write_bytes(data)
    click.echo(_("Written: %(file)s. Send it to whoever has the root.") % {"file": path})
    click.echo(
        _("Its fingerprint, to be told by another way: %(fingerprint)s") % {"fingerprint": delegation.fingerprint(data)}
    )


def _tell_root(folder: Path) -> None:
    root = keys.load_certificate(folder / "root.pem")
    until = root.not_valid_after_utc.date()
    click.echo(_("Root: %(name)s, until %(until)s") % {"name": root.subject.rfc4514_string(), "until": until})
    click.echo(f"  SHA-256 {chain.fingerprint(root)}")


def _tell_key(entry: Entry) -> None:
    sentence = _("Issuer %(code)s: key %(key)s signs from %(starts)s to %(until)s.")
    click.echo(sentence % {"code": entry.code, "key": entry.kid.hex(), "starts": entry.starts, "until": entry.until})


def _tell_entry(entry: Entry) -> None:
    gone = entry.withdrawn
    told = _("withdrawn on %(date)s: %(reason)s") % {"date": gone.on, "reason": _(REASONS[gone.reason])} if gone else ""
    central = _("central") if entry.countersigns else ""
    parts = [entry.code, entry.kid.hex(), f"{entry.starts} – {entry.until}", central, told]
    click.echo("    " + "  ".join(part for part in parts if part))


def _tell_list(each: SignedList) -> None:
    kind = _(LISTS[type(each).__name__])
    sentence = _("%(kind)s: version %(version)s of %(issued)s, fresh until %(expires)s")
    values: dict[str, str | int | date] = {
        "kind": kind,
        "version": each.version,
        "issued": each.issued,
        "expires": each.expires,
    }
    click.echo("  " + sentence % values)
