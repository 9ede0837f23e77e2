"""The groups that somebody of the staff looks after, and the certificates in each."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request, url_for
from sqlalchemy import Connection

from lms.content.stems import fold
from lms.ids import uuid7
from lms.services.certifying import handing
from lms.services.certifying.handing import SHEETS
from lms.services.common import oversight
from lms.services.common.staff_acts import note
from lms.storage import certificates, cohorts
from lms.storage.certificates import Certificate
from lms.storage.cohorts import Cohort
from lms.web.frame.fresh import fresh, is_fresh
from lms.web.frame.locale import reader
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site

blueprint = Blueprint("cohorts", __name__)
STAFF = ("coordinator", "administrator")


@dataclass(frozen=True, slots=True)
class _Group:
    """A cohort, the names of who is in it, and their certificates for one of its courses or all, by name."""

    cohort: Cohort
    course: str
    names: dict[str, str]
    held: list[Certificate]

    @property
    def standing(self) -> list[Certificate]:
        """Those that were made, and neither replaced nor revoked."""
        return [each for each in self.held if each.stands]

    @property
    def none_yet(self) -> list[str]:
        """The names of those who have none."""
        having = {each.learner for each in self.held}
        return [name for person, name in self.names.items() if person not in having]


@blueprint.get("/staff/cohorts")
@access(*STAFF)
def mine() -> str:
    """The groups that she looks after; an administrator sees all."""
    with site().database.reading() as tx:
        found = oversight.cohorts_of(tx, signed_in())
        live = {each.course.id: each.course for each in site().desk.catalogue.all_live(tx)}
    return render_template("staff/cohorts.html", cohorts=found, live=live, now=site().clock())


@blueprint.get("/staff/cohorts/<cohort>/certificates")
@access(*STAFF)
def held(cohort: str) -> str:
    """Who in the group has which certificate, who has none yet; from here all can be taken or printed."""
    with site().database.reading() as tx:
        group = _group(tx, cohort)
        live = {each.course.id: each.course for each in site().desk.catalogue.all_live(tx)}
    standing = len(group.standing)
    parts = [(start, min(start + SHEETS, standing)) for start in range(0, standing, SHEETS)]
    return render_template(
        "staff/certificates.html",
        cohort=group.cohort,
        group=group,
        live=live,
        parts=parts,
        fresh=is_fresh(),
        once=uuid7(),
        next=url_for("cohorts.held", cohort=group.cohort.id, course=group.course or None),
    )


@blueprint.post("/staff/cohorts/<cohort>/certificates.zip")
@access(*STAFF)
@fresh
def archive(cohort: str) -> Response:
    """Every certificate of the group that stands, as files."""
    with site().database.writing() as tx:
        group = _group(tx, cohort)
        _note(tx, group, "zip", len(group.standing))
    made = handing.archive(site().database, group.standing, reader(), now=site().clock())
    return _download(Response(made), "application/zip", "certificados.zip")


@blueprint.post("/staff/cohorts/<cohort>/certificates.pdf")
@access(*STAFF)
@fresh
def printable(cohort: str) -> Response:
    """A hundred of the group's certificates that stand, from `from` on, as one file to print."""
    start = int(each) if (each := request.form.get("from", "")).isdecimal() and len(each) < 7 else 0
    with site().database.writing() as tx:
        group = _group(tx, cohort)
        some = group.standing[start : start + SHEETS]
        _note(tx, group, "pdf", len(some))
    content = handing.printable(site().database, some, reader())
    return _download(make_response(content), "application/pdf", "certificados.pdf")


def _group(tx: Connection, cohort: str) -> _Group:
    """The group as the request asks for it. Raises NotYours."""
    found = oversight.cohort_of(tx, signed_in(), cohort)
    asked = request.values.get("course", "")
    course = asked if asked in found.courses else ""
    names = cohorts.members(tx, found.id)
    held = certificates.of_people(tx, names, [course] if course else found.courses)
    by_name = sorted(names.items(), key=lambda each: (fold(each[1]), each[0]))
    return _Group(found, course, dict(by_name), _by_name(held))


def _by_name(held: Sequence[Certificate]) -> list[Certificate]:
    return sorted(held, key=lambda each: (fold(each.credential.name), each.learner, each.course, -each.edition))


def _note(tx: Connection, group: _Group, form: str, n: int) -> None:
    """That they were taken is in the audit."""
    said = {"course": group.course, "form": form, "n": n}
    note(tx, "certificates-taken", by=signed_in().id, subject=group.cohort.id, now=site().clock(), **said)


def _download(response: Response, content_type: str, name: str) -> Response:
    response.headers["Content-Type"] = content_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
