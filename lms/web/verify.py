"""The page where anybody can check a certificate: its number in this register, or its file."""

import hashlib

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from lms.certificates import number as numbers
from lms.certificates.judgement import judged
from lms.certificates.keys import fingerprint, load_root
from lms.certificates.number import NoSuchNumber
from lms.certificates.trust import digest
from lms.certificates.verify import MAX_BYTES, Verification, verify_pdf
from lms.services.registers import shelf_of
from lms.storage import certificates
from lms.storage.certificates import Certificate
from lms.web.locale import gettext
from lms.web.security import access
from lms.web.site import site

blueprint = Blueprint("verify", __name__)


@blueprint.get("/verify")
@access("public")
def page() -> str | tuple[str, int]:
    """The form to check a certificate, and (`?number=`) what a number stands for."""
    typed = request.args.get("number", "")
    return _by_number(typed) if typed else render_template("certificates/verify.html", result=None)


@blueprint.post("/verify")
@access("public")
def file() -> str | tuple[str, int]:
    """What a file is worth."""
    sent = request.files.get("file")
    data = sent.read(MAX_BYTES + 1) if sent else b""
    if not data:
        return _by_number(request.form.get("number", ""))
    trust = shelf_of(site().settings).load()
    found = judged(verify_pdf(data, trust.roots), trust, digest=digest(data), today=site().clock().date())
    with site().database.reading() as tx:
        certificate = certificates.by_sha256(tx, hashlib.sha256(data).hexdigest())
    return _told("file", certificate if found.outcome == "valid" else None, verification=found)


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
        return render_template("certificates/verify.html", result=None, error=error, typed=typed), 400
    with site().database.reading() as tx:
        certificate = certificates.by_number(tx, number)
    return _told("number", certificate if certificate and certificate.issued else None, typed=number)


def _told(
    how: str, certificate: Certificate | None, *, verification: Verification | None = None, typed: str = ""
) -> str:
    root = load_root(site().settings.keys / "root.pem")
    return render_template(
        "certificates/verify.html",
        result=how,
        certificate=certificate,
        verification=verification,
        typed=typed,
        fingerprint=fingerprint(root),
    )
