"""`lms verify`: whether a certificate's file is genuine, without any server."""

import json
from collections.abc import Sequence
from pathlib import Path

import click
from cryptography import x509

from lms.certificates.keys import fingerprint, load_root
from lms.certificates.verify import MAX_BYTES, Verification, verify_pdf
from lms.cli.speech import Spoken, _
from lms.config import Settings
from lms.i18n import N_

EXITS = {"valid": 0, "invalid": 1, "unknown": 2}
CONCLUSIONS = {
    "valid": N_("This certificate is genuine."),
    "invalid": N_("This file is NOT a genuine certificate."),
    "unknown": N_("It can't be told whether this certificate is genuine: its issuer is not known here."),
}


@click.command(cls=Spoken)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--root",
    "roots",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=N_("A root certificate to trust (a PEM file); may be given several times."),
)
@click.option("--json", "as_json", is_flag=True, help=N_("Print the checks as JSON."))
def command(file: Path, roots: Sequence[Path], as_json: bool) -> None:
    """Say whether FILE is a certificate exactly as its issuer signed it.

    Trusts the root certificates named by --root (PEM files), by default this installation's own. Exit 0: genuine;
    1: not genuine; 2: signed by an issuer that is not known here, or the file can't be read.

    Example: lms verify certificado.pdf --root root.pem
    """
    settings = Settings.load()
    trusted = _roots(roots or [settings.keys / "root.pem"])
    with file.open("rb") as handle:
        found = verify_pdf(handle.read(MAX_BYTES + 1), trusted)
    if as_json:
        click.echo(json.dumps(_plain(found), indent=1))
    else:
        _print(found, trusted)
    raise SystemExit(EXITS[found.outcome])


def _roots(paths: Sequence[Path]) -> list[x509.Certificate]:
    try:
        return [load_root(path) for path in paths if path.exists()]
    except ValueError as error:
        raise click.BadParameter(_("A root is a certificate in a PEM file.")) from error


def _plain(found: Verification) -> dict[str, object]:
    return {
        "outcome": found.outcome,
        "number": found.number,
        "signer": found.signer,
        "signed_on": found.signed_on.date().isoformat() if found.signed_on else None,
        "checks": [{"name": each.name, "passed": each.passed, "sentence": each.sentence} for each in found.checks],
    }


def _print(found: Verification, trusted: Sequence[x509.Certificate]) -> None:
    for each in found.checks:
        click.echo(f"{'✓' if each.passed else '✗'} {_(each.sentence)}")
    if found.number:
        click.echo(f"  {found.number}")
    for root in trusted:
        click.echo(f"  {_('Trusted root')}: {root.subject.rfc4514_string()}  SHA-256 {fingerprint(root)}")
    click.echo(_(CONCLUSIONS[found.outcome]))
