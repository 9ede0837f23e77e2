"""`lms verify`: whether a certificate is genuine, without any server."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from cryptography import x509
from sqlalchemy import Connection

from lms.certificates import number as numbers
from lms.certificates import qr
from lms.certificates.keys import fingerprint, load_root
from lms.certificates.lists import read
from lms.certificates.number import NoSuchNumber
from lms.certificates.trust import Trust
from lms.certificates.verify import Check, Verification
from lms.cli.place import is_file, now, open_database, read_file
from lms.cli.speech import Spoken, _
from lms.config import Settings
from lms.i18n import N_
from lms.services.certifying import verifying
from lms.services.certifying.verifying import kind_of
from lms.services.common.registers import shelf_of

EXITS = {"valid": 0, "invalid": 1, "unknown": 2}
CONCLUSIONS = {
    "genuine": N_("This certificate is genuine."),
    "unregistered": N_("The signature is genuine, but the register here should have it: ask the issuer."),
    "revoked": N_("It was issued like this, but it is valid no longer."),
    "replaced": N_("It was issued like this, but a newer one is in its place: ask for that one."),
    "unknown": N_("It can't be told whether this certificate is genuine: its issuer is not known here."),
    "altered": N_("This file is NOT a genuine certificate."),
    "compromised": N_(
        "Nobody can tell whether the issuer signed it or a thief did. Ask the issuer, who can issue it anew."
    ),
    "invalid": N_("This certificate is NOT valid."),
}
OF_NUMBERS = {
    "genuine": N_("A certificate with this number was issued here, and it stands."),
    "revoked": N_("A certificate had this number, but it is valid no longer."),
    "replaced": N_("A certificate had this number, but a newer one is in its place."),
    "unknown": N_("It can't be told here whether there is a certificate with this number."),
    "altered": N_("There is no certificate with this number."),
}


@click.command(cls=Spoken)
@click.argument("certificate", metavar="FILE|NUMBER|ADDRESS")
@click.option(
    "--root",
    "roots",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=N_("A root certificate to trust (a PEM file); may be given several times."),
)
@click.option(
    "--trust-list",
    "lists",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=N_("A list of keys, numbers or registrations to check against; may be given several times."),
)
@click.option("--json", "as_json", is_flag=True, help=N_("Print the checks as JSON."))
def command(certificate: str, roots: Sequence[Path], lists: Sequence[Path], as_json: bool) -> None:
    """Say whether FILE, a PDF or a credential.json, is a certificate exactly as its issuer signed it; or, instead of a
    file, the ADDRESS in a certificate's QR code; or what became of the certificate with that NUMBER.

    Trusts the root certificates named by --root (PEM files), by default this installation's own, with the lists that
    it holds. Where there is a register of certificates, it is asked too. Exit 0: genuine; 1: not genuine, revoked or
    replaced; 2: signed by an issuer that is not known here, a number of which nothing is known here, or the file can't
    be read.

    Example: lms verify certificado.pdf --root root.pem
    """
    settings = Settings.load()
    trust = Trust(roots=tuple(_roots(roots))) if roots else shelf_of(settings).load()
    for path in lists:
        trust = trust.having(read(path.read_bytes(), trust))
    is_number = not is_file(certificate) and numbers.is_like(certificate)
    with _register(settings) as tx:
        found = _of_number(certificate, trust, tx) if is_number else _of_file(certificate, trust, tx)
    conclusion = (OF_NUMBERS if is_number else CONCLUSIONS)[kind_of(found)]
    if as_json:
        click.echo(json.dumps(_plain(found), indent=1))
    else:
        _print(found, trust.roots, conclusion)
    raise SystemExit(EXITS[found.outcome])


@contextmanager
def _register(settings: Settings) -> Iterator[Connection | None]:
    """The register of this installation, where there is one that can be asked."""
    try:
        database = open_database(settings)
    except click.ClickException:
        yield None
        return
    with database.reading() as tx:
        yield tx
    database.close()


def _of_number(typed: str, trust: Trust, tx: Connection | None) -> Verification:
    try:
        number = numbers.parse(typed)
    except NoSuchNumber:
        return Verification(outcome="invalid", checks=(Check("number", False, NoSuchNumber.message),))
    return verifying.of_number(tx, number, trust, now().date()).verification


def _of_file(named: str, trust: Trust, tx: Connection | None) -> Verification:
    """What became of a PDF, of a `credential.json`, or of the address in a QR code."""
    try:
        found = verifying.verified(read_file(named) if is_file(named) else named, trust, now())
    except qr.NoCode:
        raise click.BadParameter(
            _("There is no such file, and it is neither a certificate's number nor an address from a QR code.")
        ) from None
    return verifying.in_register(tx, found, trust).verification if tx is not None else found


def _roots(paths: Sequence[Path]) -> list[x509.Certificate]:
    try:
        return [load_root(path) for path in paths]
    except ValueError as error:
        raise click.BadParameter(_("A root is a certificate in a PEM file.")) from error


def _plain(found: Verification) -> dict[str, object]:
    return {
        "outcome": found.outcome,
        "kind": kind_of(found),
        "number": found.number,
        "signer": found.signer,
        "signed_on": found.signed_on.date().isoformat() if found.signed_on else None,
        "checks": [{"name": each.name, "passed": each.passed, "sentence": each.told(str)} for each in found.checks],
    }


def _print(found: Verification, trusted: Sequence[x509.Certificate], conclusion: str) -> None:
    for each in found.checks:
        click.echo(f"{'!' if each.warning else '✓' if each.passed else '✗'} {each.told(_)}")
    if found.number:
        click.echo(f"  {found.number}")
    for root in trusted:
        click.echo(f"  {_('Trusted root')}: {root.subject.rfc4514_string()}  SHA-256 {fingerprint(root)}")
    click.echo(_(conclusion))
