"""`/v`, where a QR code leads: the device itself verifies what stands after the `#`, which never reaches this server, and
does so without a connection too once it has been here (docs/decisions/0026)."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Blueprint, Response, make_response, render_template, url_for

import lms
from lms.certificates import judgement, qr, signed, verify
from lms.certificates.chain import organisation_of
from lms.certificates.keys import fingerprint, load_root
from lms.certificates.trust import SignedList, Trust
from lms.services.common.registers import shelf_of
from lms.web.frame.locale import reader, speak_as_asked
from lms.web.frame.security import access
from lms.web.frame.site import site

blueprint = Blueprint("verifier", __name__)
SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "no_code": qr.NoCode.message,
        "readable": qr.READABLE,
        "version": qr.OTHER_VERSION,
        "no_message": qr.NO_MESSAGE,
        "uncovered": qr.UNCOVERED,
        "longer": qr.LONGER,
        "spelt": qr.SPELT_OTHERWISE,
        "twice": qr.TWICE,
        "algorithm": qr.OTHER_ALGORITHM,
        "length": qr.OTHER_LENGTH,
        "facts": qr.OTHER_FACTS,
        "not_listed": qr.NOT_LISTED,
        "known": verify.KNOWN,
        "changed": qr.CHANGED,
        "unchanged": verify.UNCHANGED,
        "in_time": verify.IN_TIME,
        "out_of_time": verify.OUT_OF_TIME,
        "in_force": judgement.IN_FORCE,
        "withdrawn_later": judgement.WITHDRAWN_LATER,
        "withdrawn_before": judgement.WITHDRAWN_BEFORE,
        "received": judgement.RECEIVED,
        "compromised": judgement.COMPROMISED,
        "stands": judgement.STANDS,
        "nobody_knows": judgement.NOBODY_KNOWS,
        "revoked": judgement.REVOKED,
        "replaced": judgement.REPLACED,
        "fresh": judgement.FRESH,
        "stale": judgement.STALE,
    }
)
"""What the program says of each check, by the name that the page's script has for it."""


@blueprint.get("/v")
@access("public")
def page() -> str:
    """The page, in the language of `?lang=` or the reader's; the same for every code."""
    speak_as_asked()
    return render_template("certificates/code.html", sentences=SENTENCES, fingerprint=_fingerprint())


@blueprint.get("/v/lists.json")
@access("public")
def lists() -> Response:
    """Whom this installation trusts, and the signed lists that it holds."""
    response = make_response(json.dumps(carried(shelf_of(site().settings).load())))
    response.headers["Content-Type"] = "application/json"
    return response


@blueprint.get("/v/worker.js")
@access("public")
def worker() -> Response:
    """The script that keeps the page on the device: another one as soon as anything is that it keeps."""
    speak_as_asked()
    assets = site().assets
    names = ("css/vereda.css", "js/code.js", "icons/favicon.svg")
    kept = {url_for("verifier.page"): url_for("verifier.page", lang=reader().language)}
    kept |= {path: path for path in (url_for("verifier.lists"), *map(assets.url, names))}
    made_of = [lms.__version__, site().settings.name, _fingerprint(), *kept.values()]
    digest = hashlib.sha256(json.dumps(made_of).encode()).hexdigest()[:16]
    script = (assets.folder / "js/worker.js").read_text("utf-8")
    response = make_response(f"const KEPT = {json.dumps(kept)};\nconst DIGEST = {json.dumps(digest)};\n{script}")
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Service-Worker-Allowed"] = url_for("verifier.page")
    return response


def carried(trust: Trust) -> Mapping[str, object]:
    """What the page's script goes by. Of what central had received only that is in it which a stolen key had signed.
    `stores`, which it does not look at, is for phones that learn without a network (docs/decisions/0042)."""
    return {
        "roots": [
            {"id": each.fingerprint(hashes.SHA256()).hex(), "key": signed.public(key), "name": organisation_of(each)}
            for each in trust.roots
            if isinstance(key := each.public_key(), ec.EllipticCurvePublicKey)
        ],
        "lists": [each.raw.decode("utf-8") for each in _needed(trust)],
        "stores": [each.raw.decode("utf-8") for each in trust.stores],
    }


def _needed(trust: Trust) -> Iterator[SignedList]:
    yield from trust.keys
    yield from trust.numbers
    for each in trust.received:
        entry = trust.issuer(each.of)
        if entry and entry.is_stolen:
            yield each


def _fingerprint() -> str:
    return fingerprint(load_root(site().settings.keys / "root.pem"))
