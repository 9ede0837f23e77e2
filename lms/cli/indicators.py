"""`lms indicators`: the figures as a file."""

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from lms.cli.place import in_force, now, open_database
from lms.cli.speech import Spoken, _
from lms.i18n import N_, Reader
from lms.services.common.staff_acts import note
from lms.services.groups import cohorts as groups
from lms.services.reporting import indicators
from lms.services.reporting.indicators import Scope
from lms.storage import cohorts
from lms.storage.releases import Catalogue


@click.command(cls=Spoken)
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help=N_("The file, .xlsx or .pdf.")
)
@click.option("--course", default="", help=N_("Only of the course with this id."))
@click.option("--cohort", default="", help=N_("Only of the group with this code."))
@click.option("--country", default="", help=N_("Only of this country (two letters)."))
@click.option("--type", "type_", default="", help=N_("Only of this kind of institution."))
@click.option(
    "--from", "first", default="", help=N_("The first day, as 2026-01-31; with no day at all it is this year.")
)
@click.option("--to", "last", default="", help=N_("The last day."))
@click.option("--language", default="", help=N_("The language of the file; otherwise that of the installation."))
def command(
    out: Path, course: str, cohort: str, country: str, type_: str, first: str, last: str, language: str
) -> None:
    """Write people trained and certificates, against the goals, into a spreadsheet or onto one page for a donor.

    Example: lms indicators --out 2026.xlsx --from 2026-01-01 --to 2026-12-31 --country GT
    """
    if out.suffix not in (".xlsx", ".pdf"):
        raise click.ClickException(_("The file's name must end in .xlsx or .pdf."))
    settings = in_force()
    database, zone = open_database(settings), ZoneInfo(settings.timezone)
    with database.writing() as tx:
        found = cohorts.by_code(tx, groups.fold_code(cohort)) if cohort else None
        if cohort and found is None:
            raise click.ClickException(_("No cohort has this code. `lms cohorts list` shows them all."))
        live = [each.course for each in Catalogue().all_live(tx)]
        given = {"course": course, "cohort": found.id if found else "", "country": country.upper(), "type": type_}
        given |= {"from": first, "to": last} if first or last else {}
        filters = indicators.read(
            given,
            courses=frozenset(each.id for each in live),
            countries=indicators.country_codes(tx),
            today=settings.day(now()),
        )
        for name, value in given.items():
            if value and filters.parts().get(name) != value:
                raise click.ClickException(
                    _("--%(name)s: “%(value)s” is not known here.") % {"name": name, "value": value}
                )
        scope = Scope(cohorts=frozenset([found.id]) if found else None, cohort=found)
        report = indicators.report(tx, scope=scope, filters=filters, courses=live, zone=zone, now=now())
        note(tx, "indicators-taken", by="", subject=filters.cohort, now=now(), form=out.suffix[1:], **filters.parts())
    reader = Reader(language or settings.languages[0], zone, settings.catalogues)
    if out.suffix == ".xlsx":
        from lms.services.reporting.workbook import workbook as make  # only here is XlsxWriter needed
    else:
        from lms.services.reporting.donor_page import donor_page as make  # only here is ReportLab
    out.write_bytes(make(report, reader, name=settings.name, issuer=settings.issuer))
    total = report.figures.total
    said = _("%(file)s: %(people)s people trained, %(certificates)s certificates")
    click.echo(said % {"file": out, "people": total.people, "certificates": total.certificates})
