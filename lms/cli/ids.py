"""`lms ids`: the ids and keys that courses lack, listed or written."""

from pathlib import Path

import click

from lms.cli.check import from_here, no_course, print_diagnostics, seen_from_here
from lms.cli.speech import Spoken, _, ngettext
from lms.config import Settings
from lms.i18n import N_
from lms.services.running.identify import Identified, identify
from lms.services.running.publish import course_folders

REFUSED = {
    "refused": N_("%(course)s: mend these first; where blocks begin and end is not sure, and an id is for ever."),
    "unsafe": N_("%(course)s: nothing was written, because it would have changed more than ids. Write them by hand."),
}


@click.command(cls=Spoken)
@click.argument("path", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--write", is_flag=True, help=N_("Write them into the files; every other byte stays as it is."))
def command(path: Path | None, write: bool) -> None:
    """List the ids and keys that the courses of PATH lack, by default the installation's courses.

    Blocks get an id made from their words, the same in every language. Options get a key, so that they may be reordered
    later: a letter in a new block, else the place that results are kept under.

    Example: lms ids courses_content/trata-de-personas --write
    """
    settings = Settings.load()
    courses = (path or settings.courses).resolve()
    folders = course_folders(courses)
    if not folders:
        raise no_course(courses)
    done = [identify(folder, write=write) for folder in folders]
    for each in done:
        _tell(each)
    if any(each.outcome in REFUSED or each.diagnostics for each in done):
        raise SystemExit(1)


def _tell(done: Identified) -> None:
    for each in done.insertions:
        click.echo(f"{seen_from_here(done.folder / each.file)}:{each.line}: {each.text.strip()}")
    print_diagnostics([from_here(done.folder, each) for each in done.diagnostics])
    if done.outcome in REFUSED:
        click.echo(_(REFUSED[done.outcome]) % {"course": done.folder.name}, err=True)
        return
    n = len(done.insertions)
    if done.outcome == "written":
        told = ngettext("%(course)s: %(n)s id or key written", "%(course)s: %(n)s ids and keys written", n)
    else:
        told = ngettext("%(course)s: %(n)s id or key is missing", "%(course)s: %(n)s ids and keys are missing", n)
    click.echo(told % {"course": done.folder.name, "n": n})
