"""A learner's own certificates."""

from flask import Blueprint, Response, abort, make_response, render_template

from lms.services.people.consent import may_record
from lms.storage import certificates
from lms.storage.certificates import Kind
from lms.web.frame.security import access
from lms.web.frame.session import signed_in
from lms.web.frame.site import site
from lms.web.learner.courses import catch_up, look_at_all

blueprint = Blueprint("certificates", __name__)


@blueprint.get("/me/certificates")
@access("learner")
def mine() -> str:
    """Her certificates; one that is being made says so and the page looks again by itself."""
    who = signed_in()
    if may_record(who):
        with site().database.reading() as tx:
            views = look_at_all(tx)
        catch_up(views)
    with site().database.reading() as tx:
        found = certificates.of_learner(tx, who.id)
        kinds = certificates.kinds(tx, [each.number for each in found])
        live = {each.course: site().desk.catalogue.live(tx, each.course) for each in found}
    courses = {name: release.course for name, release in live.items() if release}
    return render_template("certificates/mine.html", certificates=found, kinds=kinds, courses=courses)


@blueprint.get("/me/certificates/<number>.pdf")
@access("learner")
def download(number: str) -> Response:
    """The PDF, to its holder only."""
    return _file(number, "pdf", "application/pdf", f"certificado-{number}.pdf")


@blueprint.get("/me/certificates/<number>-paper.pdf")
@access("learner")
def paper(number: str) -> Response:
    """The PDF without the certificate for machines in it, to its holder only."""
    return _file(number, "paper", "application/pdf", f"certificado-{number}-papel.pdf")


@blueprint.get("/me/certificates/<number>.json")
@access("learner")
def badge(number: str) -> Response:
    """The certificate for machines, to its holder only."""
    return _file(number, "badge", "application/vc+ld+json", f"certificado-{number}.json")


def _file(number: str, kind: Kind, content_type: str, name: str) -> Response:
    with site().database.reading() as tx:
        held = certificates.by_number(tx, number)
        content = certificates.file(tx, number, kind) if held and held.learner == signed_in().id else None
    if content is None:
        abort(404)
    response = make_response(content)
    response.headers["Content-Type"] = content_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
