"""`lms verify`: whether a certificate's file is genuine, without any server."""

import json
from collections.abc import Sequence
from pathlib import Path

import click
from cryptography import x509

from lms.certificates import badge, qr
from lms.certificates.judgement import judged
from lms.certificates.keys import fingerprint, load_root
from lms.certificates.lists import read
from lms.certificates.trust import Trust, digest
from lms.certificates.verify import MAX_BYTES, Verification, verify_pdf
from lms.cli.place import now
from lms.cli.speech import Spoken, _
from lms.config import Settings
from lms.i18n import N_
from lms.services.registers import shelf_of

EXITS = {"valid": 0, "invalid": 1, "unknown": 2}
CONCLUSIONS = {
    "valid": N_("This certificate is genuine."),
    "invalid": N_("This file is NOT a genuine certificate."),
    "unknown": N_("It can't be told whether this certificate is genuine: its issuer is not known here."),
}


@click.command(cls=Spoken)
@click.argument("file")
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
def command(file: str, roots: Sequence[Path], lists: Sequence[Path], as_json: bool) -> None:
    """Say whether FILE, a PDF or a credential.json, is a certificate exactly as its issuer signed it; or, instead of a
    file, the address in a certificate's QR code.

    Trusts the root certificates named by --root (PEM files), by default this installation's own, with the lists that
    it holds. Exit 0: genuine; 1: not genuine; 2: signed by an issuer that is not known here, or the file can't be read.

    Example: lms verify certificado.pdf --root root.pem
    """
    trust = Trust(roots=tuple(_roots(roots))) if roots else shelf_of(Settings.load()).load()
    for path in lists:
        trust = trust.having(read(path.read_bytes(), trust))
    found = _verified(file, trust)
    if as_json:
        click.echo(json.dumps(_plain(found), indent=1))
    else:
        _print(found, trust.roots)
    raise SystemExit(EXITS[found.outcome])


def _verified(file: str, trust: Trust) -> Verification:
    """What became of a PDF, of a `credential.json`, or of the address in a QR code."""
    if not Path(file).is_file():
        try:
            return qr.verify(qr.parse(file), trust, now())
        except qr.NoCode:
            raise click.BadParameter(_("There is no such file, and it is no address from a QR code.")) from None
    with Path(file).open("rb") as handle:
        data = handle.read(MAX_BYTES + 1)
    if data.lstrip().startswith(b"{"):
        return badge.verify(data, trust, now())
    return judged(verify_pdf(data, trust.roots), trust, digest=digest(data), today=now().date())


def _roots(paths: Sequence[Path]) -> list[x509.Certificate]:
    try:
        return [load_root(path) for path in paths]
    except ValueError as error:
        raise click.BadParameter(_("A root is a certificate in a PEM file.")) from error


def _plain(found: Verification) -> dict[str, object]:
    return {
        "outcome": found.outcome,
        "number": found.number,
        "signer": found.signer,
        "signed_on": found.signed_on.date().isoformat() if found.signed_on else None,
        "checks": [{"name": each.name, "passed": each.passed, "sentence": each.told(str)} for each in found.checks],
    }


def _print(found: Verification, trusted: Sequence[x509.Certificate]) -> None:
    for each in found.checks:
        click.echo(f"{'!' if each.warning else '✓' if each.passed else '✗'} {each.told(_)}")
    if found.number:
        click.echo(f"  {found.number}")
    for root in trusted:
        click.echo(f"  {_('Trusted root')}: {root.subject.rfc4514_string()}  SHA-256 {fingerprint(root)}")
    click.echo(_(CONCLUSIONS[found.outcome]))
