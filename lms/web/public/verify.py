"""The page where anybody can check a certificate: its number in this register and the lists, or its file."""

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from lms.certificates import number as numbers
from lms.certificates.keys import fingerprint, load_certificate, load_root
from lms.certificates.number import NoSuchNumber
from lms.certificates.said import said
from lms.certificates.trust import Trust
from lms.certificates.verify import MAX_BYTES
from lms.services.certifying import verifying
from lms.services.certifying.verifying import Found
from lms.services.common.registers import shelf_of
from lms.web.frame.locale import gettext
from lms.web.frame.security import access
from lms.web.frame.site import site

blueprint = Blueprint("verify", __name__)


@blueprint.get("/verify")
@access("public")
def page() -> str | tuple[str, int]:
    """The form to check a certificate, and (`?number=`) what a number stands for."""
    typed = request.args.get("number", "")
    return _by_number(typed) if typed else render_template("certificates/verify.html", how="")


@blueprint.post("/verify")
@access("public")
def file() -> str | tuple[str, int]:
    """What a file is worth."""
    sent = request.files.get("file")
    data = sent.read(MAX_BYTES + 1) if sent else b""
    if not data:
        return _by_number(request.form.get("number", ""))
    trust = shelf_of(site().settings).load()
    verification = verifying.verified(data, trust, site().clock())
    own = load_certificate(site().settings.keys / "issuer.pem")
    with site().database.reading() as tx:
        found = verifying.in_register(tx, verification, trust, own)
    return _told("file", found, trust)


@blueprint.get("/verify/root.pem")
@access("public")
def root() -> Response:
    """The root certificate, for readers that want to trust it."""
    response = make_response((site().settings.keys / "root.pem").read_bytes())
    response.headers["Content-Type"] = "application/x-pem-file"
    response.headers["Content-Disposition"] = 'attachment; filename="root.pem"'
    return response


def _by_number(typed: str) -> str | tuple[str, int]:
    try:
        number = numbers.parse(typed)
    except NoSuchNumber as refusal:
        error = refusal.sentence(gettext)
        return render_template("certificates/verify.html", how="", error=error, typed=typed), 400
    trust = shelf_of(site().settings).load()
    with site().database.reading() as tx:
        found = verifying.of_number(tx, number, trust, site().clock().date())
    return _told("number", found, trust, typed=number)


def _told(how: str, found: Found, trust: Trust, *, typed: str = "") -> str:
    return render_template(
        "certificates/verify.html",
        how=how,
        kind=found.kind,
        verification=found.verification,
        certificate=found.certificate,
        said=said(found.verification) if found.verification.whole else None,
        consulted=verifying.consulted(found.verification, trust),
        typed=typed,
        fingerprint=fingerprint(load_root(site().settings.keys / "root.pem")),
    )
