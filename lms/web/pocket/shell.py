"""`/pocket`: the page that a phone keeps, the same bytes for everybody, and the worker that keeps it (docs/decisions/0043).

A version of it is everything that it is made of: one other byte is another version, and versions never mix.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from flask import Blueprint, Response, abort, render_template, url_for

from lms.config import Settings
from lms.content.countries import decode
from lms.storage import countries as stored
from lms.web.assets import Assets
from lms.web.frame.nobody import for_nobody
from lms.web.frame.packing import Packed, given, packed
from lms.web.frame.secure import is_secure
from lms.web.frame.security import access
from lms.web.frame.shared import plain
from lms.web.frame.site import site
from lms.web.public.help import GROUPS, telephone

blueprint = Blueprint("pocket", __name__)
NAME = "Vereda"
"""What the page and the app on the home screen are called: it says nothing of what is read, nor of whose it is."""
LOOKS = ("css/vereda.css", "css/pocket.css", "icons/favicon.svg")
SCRIPTS = "js/pocket/"
MANIFEST = {
    "name": NAME,
    "short_name": NAME,
    "id": "/pocket",
    "start_url": "/pocket",
    "scope": "/",
    "display": "standalone",
    "background_color": "#fcf6e8",
    "theme_color": "#12464c",
}
ICONS = {
    "icons/favicon.svg": ("any", "any"),
    "icons/app-192.png": ("192x192", "any"),
    "icons/app-512.png": ("512x512", "any maskable"),
}


@dataclass(frozen=True, slots=True)
class Shell:
    """One version of the page."""

    version: str
    page: str
    parts: Mapping[str, str]
    """What is served beside it in each language, by address."""
    kept: Mapping[str, str]
    """The SHA-256 of every file that a phone keeps of this version, by address."""


@blueprint.get("/pocket")
@access("public")
def page() -> Response:
    """The page: scripts fill it with what the phone holds."""
    return _same_for_all(_shell().page, "text/html; charset=utf-8")


@blueprint.get("/pocket/words.<language>.html")
@access("public")
def words(language: str) -> Response:
    """What the page says in that language: templates, which scripts fill."""
    return _part(url_for("pocket.words", language=language))


@blueprint.get("/pocket/exit.<language>.html")
@access("public")
def exit_(language: str) -> Response:
    """The page that says nothing of what was on the screen, for whoever leaves without a connection."""
    return _part(url_for("pocket.exit_", language=language))


@blueprint.get("/pocket/countries.<language>.html")
@access("public")
def countries(language: str) -> Response:
    """What applies in each country, for whoever needs it without a connection."""
    return _part(url_for("pocket.countries", language=language))


@blueprint.get("/pocket/manifest.webmanifest")
@access("public")
def manifest() -> Response:
    """What the page is called on a home screen, and its icon."""
    return _same_for_all(_manifest(), "application/manifest+json")


@blueprint.get("/pocket/why")
@access("public")
def why() -> str:
    """Why this browser can't take courses along from this address, and what can be done all the same."""
    return render_template("pages/why.html", secure=is_secure())


@blueprint.get("/pocket/worker.js")
@access("public")
def worker() -> Response:
    """The script that keeps the page on the phone: another one as soon as anything is that it keeps."""
    shell, assets = _shell(), site().assets
    script = (assets.folder / "js/pocket-worker.js").read_text("utf-8")
    lines = [
        f"const VERSION = {json.dumps(shell.version)};",
        f"const KEPT = {json.dumps(dict(shell.kept))};",
        f"const LANGUAGES = {json.dumps(site().settings.languages)};",
        script,
    ]
    answer = _same_for_all("\n".join(lines), "text/javascript; charset=utf-8")
    answer.headers["Service-Worker-Allowed"] = "/"
    return answer


def kept() -> Mapping[str, bytes]:
    """Every file that a phone keeps of the page, by address."""
    shell, assets = _shell(), site().assets
    beside = {url_for("pocket.page"): shell.page, url_for("pocket.manifest"): _manifest(), **shell.parts}
    files = {path: text.encode() for path, text in beside.items()}
    return files | _files(assets)


def _part(path: str) -> Response:
    found = _shell().parts.get(path)
    if found is None:
        abort(404)
    return _same_for_all(found, "text/html; charset=utf-8")


def _same_for_all(body: str, kind: str) -> Response:
    return given(_packed(body), kind, "no-cache")


@lru_cache(maxsize=16)
def _packed(body: str) -> Packed:
    return packed(body.encode())


def _shell() -> Shell:
    with site().database.reading() as tx:
        known = stored.as_kept(tx)
    return _made(site().settings, site().assets.digest, known)


@lru_cache(maxsize=4)
def _made(settings: Settings, _digest: str, known: tuple[tuple[str, str], ...]) -> Shell:
    assets = site().assets
    parts = {}
    for language in settings.languages:
        with for_nobody(language):
            parts[url_for("pocket.words", language=language)] = plain("pocket/words.html")
            parts[url_for("pocket.exit_", language=language)] = render_template("pages/exit.html")
            parts[url_for("pocket.countries", language=language)] = _countries(known)
    beside = {**parts, url_for("pocket.manifest"): _manifest()}
    hashes = {path: _sha256(text.encode()) for path, text in beside.items()}
    hashes |= {path: _sha256(content) for path, content in _files(assets).items()}
    version = _sha256(json.dumps([hashes, _page(settings, "")]).encode())[:16]
    page = _page(settings, version)
    return Shell(
        version=version, page=page, parts=parts, kept={url_for("pocket.page"): _sha256(page.encode()), **hashes}
    )


def _files(assets: Assets) -> dict[str, bytes]:
    scripts = [name for name in sorted(assets.names) if name.startswith(SCRIPTS)]
    return {assets.url(name): (assets.folder / name).read_bytes() for name in (*LOOKS, *scripts)}


def _page(settings: Settings, version: str) -> str:
    said = {}
    for language in settings.languages:
        with for_nobody(language):
            said[language] = plain("pocket/without.html")
    with for_nobody(settings.languages[0]):
        return plain("pocket/shell.html", title=NAME, version=version, languages=settings.languages, said=said)


def _countries(known: tuple[tuple[str, str], ...]) -> str:
    """Without a day: how long ago somebody checked an entry is up to whoever reads it."""
    there = [decode(code, body) for code, body in known]
    return render_template("pack/countries.html", countries=there, groups=GROUPS, today=None, telephone=telephone)


def _manifest() -> str:
    icons = [
        {
            "src": site().assets.url(name),
            "sizes": sizes,
            "purpose": purpose,
            "type": f"image/{'svg+xml' if name.endswith('svg') else 'png'}",
        }
        for name, (sizes, purpose) in ICONS.items()
    ]
    return json.dumps({**MANIFEST, "icons": icons})


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
