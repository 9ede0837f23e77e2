"""What an administrator sets in the browser, part by part; and what only whoever runs the computer sets, to look at."""

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any
from zoneinfo import available_timezones

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy import make_url
from werkzeug.wrappers import Response as AnyResponse

from lms.config import BadSetting, Settings, known_languages
from lms.i18n import N_
from lms.ids import uuid7
from lms.refusals import Refusal
from lms.services.running import choosing, logos
from lms.services.running.choosing import SIGNATORIES, NotUsable, Shown
from lms.storage.releases import live_courses
from lms.web.frame.fresh import confirm_with_form, is_fresh
from lms.web.frame.locale import gettext
from lms.web.frame.security import access, takes
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.staff.administration import is_advised

blueprint = Blueprint("settings", __name__)
FRAME = 64 * 1024
"""What a form has around its file."""
PARTS: Mapping[str, tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        "who": (N_("Who is behind it"), ("name", "issuer", "demonstration")),
        "signatories": (N_("Who signs certificates"), ("signatories",)),
        "logo": (N_("Logo"), ("logo",)),
        "certificates": (N_("Certificates"), ("accent", "verify_base")),
        "people": (N_("Accounts and sessions"), ("registration", "shared_devices", "idle_minutes", "ask_sex")),
        "languages": (N_("Languages and time"), ("languages", "timezone")),
    }
)
"""The forms, each with its heading and its settings."""
FIRST = ("name", "issuer", "demonstration", "signatories", "registration", "languages", "timezone")
"""What an installation is asked for first."""
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "name": N_("Name of the programme"),
        "issuer": N_("Who issues certificates"),
        "demonstration": N_("This is a demonstration"),
        "signatories": N_("Signatories"),
        "logo": N_("Logo"),
        "accent": N_("Colour of certificates"),
        "verify_base": N_("Address where certificates are checked"),
        "registration": N_("Who may open an account"),
        "ask_sex": N_("Ask people for their sex"),
        "shared_devices": N_("People share devices"),
        "idle_minutes": N_("Minutes without use until a session ends"),
        "languages": N_("Languages of the pages"),
        "timezone": N_("Time zone"),
    }
)
REGISTRATION: Mapping[str, str] = MappingProxyType(
    {
        "open": N_("Everybody"),
        "code": N_("Whoever has the code of a group"),
        "closed": N_("Nobody: the staff opens accounts"),
    }
)
ORIGINS: Mapping[str, str] = MappingProxyType(
    {
        "environment": N_("Set in the environment of the program"),
        "file": N_("Set in settings.toml, in the instance folder"),
        "handed-down": N_("Came with the key that signs certificates"),
        "": N_("Default"),
    }
)
ELSEWHERE = (
    "https",
    "proxies",
    "staff_needs_second_factor",
    "database_url",
    "courses",
    "key_secret",
    "host",
    "port",
    "workers",
    "catalogues",
    "retention_runs",
    "development",
)
"""What nobody sets in the browser."""
_FLAGS = ("demonstration", "ask_sex", "shared_devices")


@blueprint.get("/staff/settings")
@access("administrator")
def page() -> str:
    """Everything that is set, by whom and since when; from here to the forms."""
    own, shown = site().own, _shown()
    with site().database.reading() as tx:
        courses = live_courses(tx)
    return render_template(
        "staff/settings.html",
        courses=courses,
        advised=request.args.get("done") == "first" and is_advised(),
        parts=PARTS,
        shown=shown,
        unusable=_unusable(shown),
        fixed=own.fixed,
        labels=LABELS,
        registration=REGISTRATION,
        origins=ORIGINS,
        elsewhere=[(name, _said(own, name), own.fixed.get(name, "")) for name in ELSEWHERE],
        instance=own.instance,
        done=request.args.get("done", ""),
    )


@blueprint.get("/staff/settings/logo.png")
@access("administrator")
def picture() -> Response:
    """The logo as certificates have it, to look at."""
    logo = site().settings.logo
    try:
        data = logo if isinstance(logo, bytes) else logo.read_bytes() if logo else b""
    except OSError:
        data = b""
    if not data:
        abort(404)
    response = make_response(data)
    response.headers["Content-Type"] = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
    return response


@blueprint.get("/staff/settings/<part>")
@access("administrator")
def form(part: str) -> str:
    """The form of one part."""
    return _form(part)


@blueprint.post("/staff/settings/<part>")
@access("administrator")
@takes(logos.MAX_BYTES + FRAME)
def change(part: str) -> AnyResponse | tuple[str, int]:
    """Set so from now on, everywhere; or the form again, with what was typed."""
    typed = _typed(_names(part))
    try:
        confirm_with_form()
    except Refusal as refusal:
        return _form(part, typed, passphrase=refusal.sentence(gettext)), refusal.status
    try:
        if "logo" in typed:
            typed["logo"] = _sent_logo()
        place = site()
        choosing.change(place.database, place.own, typed, by=signed_in().id, now=place.clock())
    except NotUsable as refusal:
        return _form(part, typed, refusal.reasons, confirmed=True), refusal.status
    except BadSetting as reason:
        return _form(part, typed, {reason.name: reason}, confirmed=True), NotUsable.status
    return redirect(url_for("settings.page", done=part), 303)


@cache
def _zones() -> list[str]:
    """Those of the Americas, to choose from; any other can be typed."""
    return sorted(each for each in available_timezones() if each.startswith("America/"))


def _names(part: str) -> tuple[str, ...]:
    if part == "first":
        return FIRST
    if part not in PARTS:
        abort(404)
    return PARTS[part][1]


def _form(
    part: str,
    typed: Mapping[str, Any] | None = None,
    reasons: Mapping[str, BadSetting] | None = None,
    *,
    passphrase: str = "",
    confirmed: bool = False,
) -> str:
    names, own = _names(part), site().own
    shown = _shown()
    values = {name: choosing.plain(shown[name].value) for name in names if name != "logo"}
    return render_template(
        "staff/setting.html",
        part=part,
        heading=N_("First settings") if part == "first" else PARTS[part][0],
        names=names,
        shown=shown,
        unusable=_unusable(shown),
        values=values | {name: value for name, value in (typed or {}).items() if not shown[name].is_fixed},
        errors={name: reason.reason(gettext) for name, reason in (reasons or {}).items()},
        labels=LABELS,
        registration=REGISTRATION,
        origins=ORIGINS,
        rows=SIGNATORIES,
        languages=known_languages(own.catalogues),
        zones=_zones(),
        vouching=choosing.vouching(own),
        most=logos.MAX_BYTES // 1024 // 1024,
        fresh=confirmed or is_fresh(),
        passphrase=passphrase,
        once=uuid7(),
    )


def _shown() -> dict[str, Shown]:
    with site().database.reading() as tx:
        return choosing.shown(tx, site().own)


def _unusable(shown: Mapping[str, Shown]) -> dict[str, str]:
    """Why what was chosen is not in force, by the setting."""
    return {name: each.unusable.reason(gettext) for name, each in shown.items() if each.unusable}


def _typed(names: Sequence[str]) -> dict[str, Any]:
    """What the form says of these, as `Settings.choosing` takes it."""
    found: dict[str, Any] = {}
    for name in names:
        if name in _FLAGS:
            found[name] = request.form.get(name) == "yes"
        elif name == "signatories":
            found[name] = _signatories()
        elif name == "languages":
            found[name] = _languages()
        else:
            found[name] = request.form.get(name, "")
    return found


def _signatories() -> list[dict[str, str]]:
    out = request.form.getlist("out")
    pairs = zip(request.form.getlist("signatory"), request.form.getlist("position"), strict=False)
    return [
        {"name": name, "position": position}
        for place, (name, position) in enumerate(pairs)
        if (name.strip() or position.strip()) and str(place) not in out
    ]


def _languages() -> list[str]:
    """The one that comes first, then the others."""
    first, others = request.form.get("first", ""), request.form.getlist("languages")
    return [first, *(each for each in others if each != first)]


def _sent_logo() -> bytes | None:
    """The picture that was sent; None where the one that is there is to go. Raises BadSetting."""
    if request.form.get("out") == "yes":
        return None
    sent = request.files.get("logo")
    content = sent.read() if sent else b""
    if not content:
        raise BadSetting("logo", N_("Choose a file first."))
    return logos.ready(content)


def _said(own: Settings, name: str) -> str:
    """What a setting is that is only looked at; never a password."""
    value = getattr(own, name)
    if name == "database_url":
        return make_url(own.url).set(query={}).render_as_string(hide_password=True)  # there may be one in the query too
    if name == "key_secret":
        return str(own.secret)
    if isinstance(value, bool):
        return gettext(N_("yes")) if value else gettext(N_("no"))
    return "–" if value is None else str(value)
