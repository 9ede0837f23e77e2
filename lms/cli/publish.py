"""`lms publish`: courses from their folders into the catalogue."""

from pathlib import Path

import click

from lms.cli.changes import sentences
from lms.cli.check import no_course, print_diagnostics
from lms.cli.place import now, open_database
from lms.cli.speech import Spoken, _
from lms.config import Settings
from lms.i18n import N_
from lms.services.publish import Published, course_folders, publish

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

    A course with errors is refused and its last good release stays; one that has not changed is left alone. What
    changes for people who are under way is told; what would take their results away is an error.

    Example: lms publish courses_content/trata-de-personas
    """
    settings = Settings.load()
    database = open_database(settings)
    folders = course_folders(path or settings.courses)
    if not folders:
        raise no_course(path or settings.courses)
    done = [publish(database, folder, position=place, now=now(), dry=dry) for place, folder in enumerate(folders)]
    for each in done:
        _tell(each)
    if any(each.outcome == "refused" for each in done):
        raise SystemExit(1)


def _tell(published: Published) -> None:
    print_diagnostics(published.diagnostics)
    click.echo(f"{published.folder}: {_(OUTCOMES[published.outcome])}")
    if published.changes and published.outcome != "refused":
        for sentence in sentences(published.changes, published.learners):
            click.echo(f"  {sentence}")
