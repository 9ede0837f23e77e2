"""`lms publish`: courses from their folders into the catalogue."""

from pathlib import Path

import click

from lms.cli.check import print_diagnostics
from lms.cli.place import now, open_database
from lms.config import Settings
from lms.services.publish import Published, course_folders, publish


@click.command()
@click.argument("path", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def command(path: Path | None) -> None:
    """Publish every course of PATH (or PATH itself when it is one), by default the installation's courses.

    A course with errors is refused and its last good release stays; one that has not changed is left alone.

    Example: lms publish courses_content/trata-de-personas
    """
    settings = Settings.load()
    database = open_database(settings)
    folders = course_folders(path or settings.courses)
    if not folders:
        raise click.ClickException(
            f"No course found in {path or settings.courses}: a course is a folder with a course.yml."
        )
    done = [publish(database, folder, position=place, now=now()) for place, folder in enumerate(folders)]
    for each in done:
        _tell(each)
    if any(each.outcome == "refused" for each in done):
        raise SystemExit(1)


def _tell(published: Published) -> None:
    print_diagnostics(published.diagnostics)
    click.echo(f"{published.folder}: {published.outcome}")
