"""Where to turn: what applies in each country, and how far each entry can be relied on."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.content.countries import Country
from lms.i18n import N_
from lms.storage import countries, preferences
from lms.web.frame.locale import reader
from lms.web.frame.security import access
from lms.web.frame.session import person, signed_in
from lms.web.frame.site import site

blueprint = Blueprint("help", __name__)
GROUPS: Sequence[tuple[str, str, Mapping[str, str]]] = (
    (
        "urgent",
        N_("If there is danger now"),
        {
            "emergency_number": N_("Emergency number"),
            "gbv_line": N_("Line for gender-based violence"),
            "health_services": N_("Health services for survivors of sexual violence"),
            "child_protection": N_("Protection of children and adolescents"),
        },
    ),
    (
        "institutions",
        N_("Where to refer"),
        {
            "womens_institution": N_("Institution for women"),
            "human_rights": N_("Human rights ombudsperson"),
            "refugee_authority": N_("Refuge and asylum"),
            "migration_authority": N_("Migration authority"),
            "trafficking_body": N_("Coordination against trafficking in persons"),
            "labour_register": N_("Register of recruitment agencies"),
            "consular_contact": N_("Consulates"),
            "lgbti_services": N_("Services for LGBTI people"),
        },
    ),
    (
        "rules",
        N_("What the rules say"),
        {
            "trafficking_law": N_("Law against trafficking in persons"),
            "mandatory_reporting": N_("When reporting is mandatory"),
            "emergency_contraception": N_("Emergency contraception"),
            "treaties": N_("Ratified treaties: migrant workers, ILO 189 and 190"),
        },
    ),
)
"""The topics as the page shows them: anchor, heading, and each topic with its name."""
_NUMBER = re.compile(r"\+?[0-9][0-9 ()-]{1,18}[0-9]")


@blueprint.get("/your-country")
@access("public")
def country() -> str:
    """What applies in the country asked for, else in the one that she has chosen before."""
    with site().database.reading() as tx:
        known = countries.all_(tx)
    who = person()
    code = request.args.get("country") or (who.preferences.country if who else "")
    return render_template(
        "help/country.html",
        countries=known,
        chosen=_named(known, code),
        groups=GROUPS,
        today=_today(),
        telephone=telephone,
    )


@blueprint.post("/your-country")
@access("learner")
def choose() -> Response:
    """Her country from now on; one that is not there is no country."""
    with site().database.writing() as tx:
        found = _named(countries.all_(tx), request.form.get("country", ""))
        preferences.change(tx, signed_in().id, country=found.code if found else "")
    return redirect(url_for("help.country"), 303)


def telephone(text: str) -> str:
    """Where a text that is a telephone number calls; empty for any other."""
    return "tel:" + re.sub(r"[^+0-9]", "", text) if _NUMBER.fullmatch(text) else ""


def _named(known: Sequence[Country], code: str) -> Country | None:
    return next((each for each in known if each.code == code), None)


def _today() -> date:
    return site().clock().astimezone(reader().zone).date()
