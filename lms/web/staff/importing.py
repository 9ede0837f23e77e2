"""A list of people sent as a file: first what it would do, then, once confirmed, done. And the list taken as a file."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from lms.i18n import N_
from lms.refusals import Refusal
from lms.services.common import oversight, spreadsheets
from lms.services.common.oversight import NotYours
from lms.services.common.staff_acts import note
from lms.services.people import importing, people_file, people_list
from lms.services.people.people_file import COLUMNS, OTHER_NAMES, Entry, File, Wrong
from lms.services.reporting import rosters
from lms.storage import drafts, roll
from lms.storage.cohorts import Cohort
from lms.web.frame.fresh import fresh
from lms.web.frame.locale import gettext, reader
from lms.web.frame.security import access, takes
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.staff import members
from lms.web.staff.cohorts import STAFF

blueprint = Blueprint("importing", __name__)
Answer = Response | tuple[str, int]
KEPT = timedelta(hours=1)
"""How long a list that nobody confirmed is there."""
SHOWN = 200
"""Rows of each kind that the page shows."""
FRAME = 64 * 1024
"""What a form has around its file."""


class NoFile(Refusal):
    """The form came without one."""

    message = N_("Choose a file first.")


class NothingToConfirm(Refusal):
    """The list was taken already, another one was sent since, or an hour went by."""

    message = N_(
        "This list is no longer waiting: it was imported already, or it was sent too long ago. Look at the group."
    )
    status = 409


@blueprint.get("/staff/cohorts/<cohort>/import")
@access(*STAFF)
def form(cohort: str) -> str:
    """The form for a file, with what it is to look like."""
    with site().database.reading() as tx:
        found = oversight.cohort_of(tx, signed_in(), cohort)
    return _form(found)


@blueprint.post("/staff/cohorts/<cohort>/import")
@access(*STAFF)
@takes(spreadsheets.MAX_BYTES + FRAME)
def look(cohort: str) -> Answer:
    """What the list would do; nothing is done yet."""
    with site().database.reading() as tx:
        found = oversight.cohort_of(tx, signed_in(), cohort)
    try:
        sent = request.files.get("file")
        content = sent.read() if sent else b""
        if not content:
            raise NoFile
        file = people_file.read(content, languages=site().settings.languages)
    except Refusal as refusal:
        return _form(found, refusal.sentence(gettext)), refusal.status
    body = {
        "at": site().clock().isoformat(),
        "entries": [[each.line, dict(each.said)] for each in file.entries],
        "wrong": len(file.wrong),
    }
    with site().database.writing() as tx:
        drafts.save(tx, signed_in().id, _item(found), body, now=site().clock())
    return _plan(found, file, _mark(body)), 200


@blueprint.post("/staff/cohorts/<cohort>/import/confirm")
@access(*STAFF)
def confirm(cohort: str) -> Answer:
    """The list that was shown is taken."""
    place, who = site(), signed_in()
    with place.database.reading() as tx:
        found = oversight.cohort_of(tx, who, cohort)
        body = _waiting(tx, found)
    if body is None or _mark(body) != request.form.get("mark"):
        refused = NothingToConfirm()
        return _form(found, refused.sentence(gettext)), refused.status
    entries = [Entry(line, said) for line, said in body["entries"]]
    try:
        taken = importing.take(place.database, place.pen, entries, cohort=found, staff=who, now=place.clock())
    except importing.NoRoom as refusal:
        return _plan(found, File(tuple(entries), (), ()), _mark(body), refusal.sentence(gettext)), refusal.status
    with place.database.writing() as tx:
        drafts.drop(tx, who.id, _item(found))
    counts: dict[str, Any] = {
        "new": len(taken.made),
        "changed": taken.changed,
        "same": taken.same,
        "wrong": body.get("wrong", 0) + len(taken.wrong),
    }
    return redirect(url_for("members.page", cohort=found.id, done="import", **counts), 303)


@blueprint.post("/staff/cohorts/<cohort>/people.csv")
@access(*STAFF)
@fresh
def export(cohort: str) -> Answer:
    """Everybody in the group as a file that can be imported again."""
    try:
        with site().database.writing() as tx:
            found = oversight.cohort_of(tx, signed_in(), cohort)
            reason, inside = rosters.what_for(request.form.get("reason", "")), roll.of_cohort(tx, found.id)
            by, now = signed_in().id, site().clock()
            note(tx, "people-taken", by=by, subject=found.id, now=now, n=len(inside), reason=reason)
    except NotYours:
        raise
    except Refusal as refusal:
        return members.shown(cohort, refusal.sentence(gettext)), refusal.status
    response = Response(b"".join(people_list.table(inside, reader())), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="personas.csv"'
    return response


def _form(cohort: Cohort, error: str = "") -> str:
    return render_template(
        "staff/import.html", cohort=cohort, columns=COLUMNS, names=OTHER_NAMES, most=spreadsheets.MAX_ROWS, error=error
    )


def _plan(cohort: Cohort, file: File, mark: str, error: str = "") -> str:
    with site().database.reading() as tx:
        planned = importing.plan(tx, file.entries, cohort=cohort, staff=signed_in())
    try:
        importing.check_room(planned, cohort)
    except importing.NoRoom as refusal:
        error = refusal.sentence(gettext)
    wrong = sorted((*file.wrong, *planned.wrong), key=lambda each: each.line)
    return render_template(
        "staff/import_plan.html",
        cohort=cohort,
        plan=planned,
        wrong=[(each, _said(each)) for each in wrong],
        kept=[each for each in planned.steps if each.keeps],
        unknown=file.unknown,
        columns=COLUMNS,
        shown=SHOWN,
        mark=mark,
        error=error,
    )


def _said(wrong: Wrong) -> str:
    sentence = gettext(wrong.message)
    return sentence % wrong.values if wrong.values else sentence


def _waiting(tx: Connection, cohort: Cohort) -> dict[str, Any] | None:
    """The list that she sent for the group and has not confirmed, for an hour."""
    found: dict[str, Any] | None = drafts.load(tx, signed_in().id, _item(cohort)).get(_item(cohort))
    if found is None or datetime.fromisoformat(found["at"]) + KEPT < site().clock():
        return None
    return found


def _item(cohort: Cohort) -> str:
    return f"{drafts.LISTS}{cohort.id}"


def _mark(body: dict[str, Any]) -> str:
    """What the form carries, so that what is confirmed is what was shown."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
