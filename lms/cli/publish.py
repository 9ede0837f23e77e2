"""`lms publish`: courses from their folders into the catalogue."""

from pathlib import Path

import click

from lms.cli.changes import sentences
from lms.cli.check import from_here, no_course, print_diagnostics
from lms.cli.place import now, open_database
from lms.cli.speech import Spoken, _
from lms.config import Settings
from lms.i18n import N_
from lms.services.running.publish import Published, publish_all, reindex

OUTCOMES = {
    "published": N_("published"),
    "ready": N_("can be published"),
    "unchanged": N_("unchanged"),
    "refused": N_("refused"),
}


@click.command(cls=Spoken)
@click.argument("path", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--dry-run", "dry", is_flag=True, help=N_("Publish nothing: say what would change, and for how many people.")
)
def command(path: Path | None, dry: bool) -> None:
    """Publish every course of PATH (or PATH itself when it is one), by default the installation's courses.

    A course with errors is refused and its last good release stays; one that has not changed is left alone. The
    folder's order is the catalogue's; a course that is named itself keeps its place. What changes for people who are
    under way is told; what would take their results away is an error. The countries of countries.yml, where the folder
    has one, are the ones that learners see from now on.

    Example: lms publish courses_content/trata-de-personas
    """
    settings = Settings.load()
    database = open_database(settings)
    courses = (path or settings.courses).resolve()
    done = publish_all(database, courses, now=now(), dry=dry)
    if not done:
        raise no_course(courses)
    if not dry:
        reindex(database)
    for each in done:
        _tell(each)
    if any(each.outcome == "refused" for each in done):
        raise SystemExit(1)


def _tell(published: Published) -> None:
    print_diagnostics([from_here(published.folder, each) for each in published.diagnostics])
    click.echo(f"{published.folder.name}: {_(OUTCOMES[published.outcome])}")
    if published.changes and published.outcome != "refused":
        for sentence in sentences(published.changes, published.learners):
            click.echo(f"  {sentence}")
    if published.draft and published.outcome != "refused":
        told = _("Under review by specialists, and learners are told so: see `lms review`.")
        click.echo(f"  {told}")
