"""Who is in a group, and one of them: how she signs in, and what the staff can do about it."""

from flask import Blueprint, render_template

from lms.services import oversight
from lms.services.institutions import TYPES
from lms.storage import members
from lms.web.cohorts import STAFF
from lms.web.security import access
from lms.web.session import signed_in
from lms.web.site import site

blueprint = Blueprint("members", __name__)


@blueprint.get("/staff/cohorts/<cohort>/people")
@access(*STAFF)
def page(cohort: str) -> str:
    """Everybody in the group, with whether she can sign in."""
    with site().database.reading() as tx:
        found = oversight.cohort_of(tx, signed_in(), cohort)
        inside = members.of_cohort(tx, found.id)
    return render_template("staff/group_people.html", cohort=found, members=inside, kinds=TYPES)
