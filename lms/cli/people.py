"""`lms people`: lists of people taken from a file, and written to one; somebody erased."""

import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy import Connection

from lms.cli.place import in_force, now, open_database, open_pen
from lms.cli.speech import SpokenGroup, _, language
from lms.config import Settings
from lms.i18n import N_, Reader
from lms.services.common.spreadsheets import MAX_BYTES
from lms.services.groups import cohorts as joining
from lms.services.people import erasing, importing, linking, passphrases, people_file, people_list
from lms.services.people.accounts import change_passphrase, fold
from lms.services.people.importing import Plan, Step
from lms.services.people.people_file import COLUMNS, Wrong
from lms.storage import cohorts, roll
from lms.storage.cohorts import Cohort
from lms.storage.database import Database
from lms.storage.people import Person, by_username


@click.group(cls=SpokenGroup)
def command() -> None:
    """Lists of people: import, export. One of them: erase."""


@command.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--cohort", "code", help=N_("Code of the cohort that they come into."))
@click.option("--dry-run", is_flag=True, help=N_("Say what would be done, and do nothing."))
def import_(file: Path, code: str | None, dry_run: bool) -> None:
    """Import the people in FILE, CSV or XLSX, whose first row names the columns. Whoever is here is changed where the list
    says something else, nobody is taken off for not being in it. Prints a passphrase for each new person, once.

    Example: lms people import consulados.xlsx --cohort 3F7K9-QABCD --dry-run
    """
    settings = in_force()
    database = open_database(settings)
    with file.open("rb") as opened:
        found = people_file.read(opened.read(MAX_BYTES + 1), languages=settings.languages)
    with database.reading() as tx:
        cohort = _cohort(tx, code)
        plan = importing.plan(tx, found.entries, cohort=cohort, staff=None)
    if found.unknown:
        click.echo(_("These columns mean nothing here: %(names)s") % {"names": ", ".join(found.unknown)}, err=True)
    _tell_wrong((*found.wrong, *plan.wrong))
    if dry_run:
        _tell(plan)
        return
    with click.progressbar(length=len(found.entries), label=_("Importing"), file=sys.stderr) as bar:
        taken = importing.take(
            database, open_pen(settings, database), found.entries, cohort=cohort, staff=None, now=now(), told=bar.update
        )
    _give(database, taken.made)
    counts = {"new": len(taken.made), "changed": taken.changed, "same": taken.same}
    click.echo(_("%(new)s new, %(changed)s changed, %(same)s the same.") % counts, err=True)


@command.command()
@click.option("--cohort", "code", help=N_("Code of the cohort; without it, everybody."))
def export(code: str | None) -> None:
    """Write the people of a cohort, or everybody, as CSV, which can be imported again.

    Example: lms people export --cohort 3F7K9-QABCD > consulados.csv
    """
    settings = in_force()
    reader = Reader(language(), ZoneInfo(settings.timezone))
    with open_database(settings).reading() as tx:
        cohort = _cohort(tx, code)
        people = roll.of_cohort(tx, cohort.id) if cohort else roll.everyone(tx)
        for piece in people_list.table(people, reader):
            sys.stdout.buffer.write(piece)


@command.command()
@click.argument("username")
def erase(username: str) -> None:
    """Erase the account of USERNAME and all that is theirs, at their wish: progress, answers, notes, groups, certificates.
    Nobody can bring it back. Asks for the username once more. The database is written anew, which takes a while for a large
    one.

    Example: lms people erase rosa.perez
    """
    settings = in_force()
    database = open_database(settings)
    with database.reading() as tx:
        found = _person(tx, username)
    if fold(click.prompt(_("Type the username once more to erase everything of theirs"))) != found.username:
        raise click.ClickException(_("This is another username. Nothing was erased."))
    pen = open_pen(settings, database)
    with database.writing() as tx:
        erasing.erase(tx, pen, person=found.id, by="", now=now())
    if not database.forget(compact=True):
        click.echo(_("The database is in use: stop the program and run `lms people compact`."), err=True)
    click.echo(_("Erased. Backups from before have their data until they are replaced."))


@command.command()
@click.argument("username")
@click.argument("other")
def link(username: str, other: str) -> None:
    """USERNAME and OTHER are accounts of one person, who counts once from now on. Each keeps what it has.

    Example: lms people link rosa.perez rosa.p
    """
    settings = in_force()
    database = open_database(settings)
    pen = open_pen(settings, database)
    with database.writing() as tx:
        one, same = _person(tx, username), _person(tx, other)
        linking.link(tx, pen, person=one.id, same_as=same.id, by="", now=now())
    click.echo(_("%(one)s and %(other)s count as one person.") % {"one": one.username, "other": same.username})


@command.command()
@click.argument("username")
def unlink(username: str) -> None:
    """USERNAME counts by itself again.

    Example: lms people unlink rosa.perez
    """
    settings = in_force()
    database = open_database(settings)
    pen = open_pen(settings, database)
    with database.writing() as tx:
        one = _person(tx, username)
        linking.unlink(tx, pen, person=one.id, by="", now=now())
    click.echo(_("%(one)s counts by itself.") % {"one": one.username})


@command.command()
def compact() -> None:
    """Write the database anew, so that nothing of what was erased can be found in its file.

    Example: lms people compact
    """
    if not open_database(Settings.load()).rewrite():
        raise click.ClickException(_("The database is in use: stop the program first."))


def _person(tx: Connection, username: str) -> Person:
    found = by_username(tx, fold(username))
    if found is None:
        raise click.ClickException(_("Nobody has the username %(username)s.") % {"username": username})
    return found


def _cohort(tx: Connection, code: str | None) -> Cohort | None:
    if code is None:
        return None
    found = cohorts.by_code(tx, joining.fold_code(code))
    if found is None:
        raise click.ClickException(_("No cohort has this code. `lms cohorts list` shows them all."))
    return found


def _tell_wrong(wrong: tuple[Wrong, ...]) -> None:
    for each in sorted(wrong, key=lambda each: each.line):
        sentence = _(each.message) % each.values if each.values else _(each.message)
        click.echo(
            _("row %(line)s: %(whom)s: %(why)s") % {"line": each.line, "whom": each.whom, "why": sentence}, err=True
        )


def _tell(plan: Plan) -> None:
    for step in plan.steps:
        if step.kind != "same":
            said = [f"{_(COLUMNS[each.column])}: {each.before or '–'} → {each.after}" for each in step.changes]
            kind = _("new") if step.kind == "new" else _("changed")
            click.echo(f"{kind}  {step.username}  {step.name}  {'; '.join(said)}".rstrip())
    counts = {kind: len(plan.of(kind)) for kind in ("new", "changed", "same")}
    click.echo(_("%(new)s new, %(changed)s changed, %(same)s the same.") % counts, err=True)


def _give(database: Database, made: tuple[Step, ...]) -> None:
    """Each new person has a passphrase, printed once."""
    with click.progressbar(made, label=_("Passphrases"), file=sys.stderr) as steps:
        for step in steps:
            passphrase = passphrases.propose()
            hashed = passphrases.hash_(passphrase)
            with database.writing() as tx:
                change_passphrase(tx, person=step.person, hashed=hashed, must_change=True)
            click.echo(f"{step.username}: {passphrase}")
