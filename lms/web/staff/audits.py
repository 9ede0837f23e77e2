"""What the staff did: to look at, to search, to check, and to take away."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, make_response, render_template, request

from lms.i18n import Reader
from lms.ids import uuid7
from lms.refusals import Refusal
from lms.services.certifying import amending
from lms.services.common.staff_acts import SENTENCES
from lms.services.people import powers
from lms.services.reporting import figures, rosters
from lms.services.running import auditing
from lms.services.running.auditing import Chain, Filters
from lms.storage import audit
from lms.web.frame.fresh import fresh, is_fresh
from lms.web.frame.gate import here
from lms.web.frame.locale import gettext, reader
from lms.web.frame.paging import SHOWN, Paging
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site

blueprint = Blueprint("audits", __name__)
AT_ONCE = 2000
"""Lines that are checked whenever the page is opened; longer audits by a button."""
VALUES: Mapping[str, Mapping[str, str]] = {
    "measure": dict(figures.MEASURED.items()),
    "reason": {**amending.REPLACE, **amending.REVOKE},
    "role": powers.ROLES,
    "roles": powers.ROLES,
    "institution_type": rosters.KINDS,
    "type": rosters.KINDS,
}
"""What stands in a line's data as a word of the program's own, in words for readers."""


@blueprint.get("/staff/audit")
@access("administrator")
def page() -> Response:
    """The lines that the filters ask for, the newest first, and whether the chain is whole."""
    return _page(request.args)


@blueprint.post("/staff/audit")
@access("administrator")
@fresh
def take() -> Response:
    """The same lines as a file."""
    try:
        filters = Filters.read(request.form)
    except Refusal as refusal:
        return _page(request.form, refusal)
    with site().database.writing() as tx:
        asked = auditing.condition(tx, filters, _zone())
        auditing.note_taken(tx, filters, asked, by=signed_in().id, now=site().clock())
    response = Response(auditing.pieces(site().database, asked, reader()), content_type="text/csv; charset=utf-8")
    word = gettext("audit")
    name = f"{word}-{site().settings.day(site().clock()):%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(typed: Mapping[str, str], refusal: Refusal | None = None) -> Response:
    try:
        filters = Filters.read(typed)
    except Refusal as bad:
        filters, refusal = Filters(), bad
    with site().database.reading() as tx:
        asked = auditing.condition(tx, filters, _zone())
        count, whole = audit.count(tx, asked), audit.count(tx)
        paging = Paging.read(count)
        told = auditing.tell(tx, audit.lines(tx, asked, limit=SHOWN, offset=paging.offset))
        must = whole <= AT_ONCE or "check" in request.args or "hash" in request.args
        chain: Chain | None = auditing.check(tx, request.args.get("hash", "")[:200]) if must else None
        last = audit.last_hash(tx)
    html = render_template(
        "staff/audit.html",
        told=told,
        filters=filters,
        count=count,
        paging=paging,
        chain=chain,
        last=last,
        sentences=_sentences(reader()),
        words=auditing.WORDS,
        values=VALUES,
        fresh=is_fresh(),
        once=uuid7(),
        next=here(),
        error=refusal.sentence(gettext) if refusal else "",
    )
    return make_response(html, refusal.status if refusal else 200)


def _sentences(reader: Reader) -> dict[str, str]:
    """Every act's sentence, by the alphabet."""
    return dict(sorted(((act, reader.gettext(text)) for act, text in SENTENCES.items()), key=lambda each: each[1]))


def _zone() -> ZoneInfo:
    return ZoneInfo(site().settings.timezone)
