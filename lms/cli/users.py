"""`lms users`: accounts from the command line."""

from collections.abc import Callable

import click
from sqlalchemy import Connection

from lms.certificates.keys import load_web_secret
from lms.cli.place import now, open_database, open_pen
from lms.cli.speech import SpokenGroup, _
from lms.config import Settings
from lms.i18n import N_
from lms.services.people import accounts, passphrases, powers, second_factor, staffing, ways_in
from lms.services.people.entrance import Entrance
from lms.storage import people, second_factors
from lms.storage.people import ROLES, STAFF, Person, Secrets


@click.group(cls=SpokenGroup)
def command() -> None:
    """People: add, reset, list, give or take a role, remove a second factor."""


@command.command()
@click.argument("username")
@click.option("--name", help=N_("The name on certificates; by default the username."))
@click.option("--role", "roles", multiple=True, type=click.Choice(ROLES), help=N_("May be given several times."))
def add(username: str, name: str | None, roles: tuple[str, ...]) -> None:
    """Add a person. Prints a passphrase once; they have to choose their own when they first sign in.

    Example: lms users add carla --name "Carla Méndez" --role coordinator
    """
    settings = Settings.load()
    database = open_database(settings)
    passphrase = passphrases.propose()
    secrets = Secrets(passphrases.hash_(passphrase), None)
    pen = open_pen(settings, database)
    with database.writing() as tx:
        person = accounts.add(
            tx,
            pen,
            username=username,
            display_name=name or username,
            secrets=secrets,
            roles=frozenset(roles),
            must_change=True,
            now=now(),
        )
        staffing.note_made(tx, person, now=now())
    click.echo(f"{person.username}: {passphrase}")


@command.command()
@click.argument("username")
def reset(username: str) -> None:
    """Give a person a new passphrase, printed once; they are signed out everywhere and have to choose their own.

    Example: lms users reset ana
    """
    settings = Settings.load()
    database = open_database(settings)
    passphrase = passphrases.propose()
    hashed = passphrases.hash_(passphrase)
    pen = open_pen(settings, database)
    with database.writing() as tx:
        person = _person(tx, username)
        ways_in.give_passphrase(tx, pen, person.id, hashed, now=now())
    Entrance(database, load_web_secret(settings.keys)).forgive(person.username)
    click.echo(f"{person.username}: {passphrase}")


@command.command()
@click.argument("username")
@click.argument("role", type=click.Choice(STAFF), metavar="ROLE")
def grant(username: str, role: str) -> None:
    """Give a person a role of the staff: author, coordinator or administrator. They are signed out everywhere; login cards
    and codes that they had let in no more, nor does a passphrase that they were given and have not changed.

    Example: lms users grant carla coordinator
    """
    _change_roles(username, lambda held: held | {role})


@command.command()
@click.argument("username")
@click.argument("role", type=click.Choice(STAFF), metavar="ROLE")
def revoke(username: str, role: str) -> None:
    """Take a role from a person. They are signed out everywhere; without any role of the staff they look after no group and
    have no second factor. The last administrator who can sign in keeps theirs.

    Example: lms users revoke carla coordinator
    """
    _change_roles(username, lambda held: held - {role})


@command.command(name="second-factor")
@click.argument("username")
@click.option("--remove", is_flag=True, help=N_("Remove it, when they lost their app and their recovery codes."))
def second_factor_(username: str, remove: bool) -> None:
    """Say whether a person has a second factor, or remove it: then their passphrase alone lets them in until they set one up.

    Make sure that it is this person who asks: see them or hear their voice. What you do is recorded.

    Example: lms users second-factor carla --remove
    """
    with open_database(Settings.load()).writing() as tx:
        person = _person(tx, username)
        removed = remove and second_factor.remove(tx, person.id, now=now())
        is_on = second_factors.is_on(tx, person.id)
    if removed:
        click.echo(_("%(username)s has no second factor any more.") % {"username": person.username})
    elif is_on:
        click.echo(_("%(username)s has a second factor.") % {"username": person.username})
    else:
        click.echo(_("%(username)s has no second factor.") % {"username": person.username})


@command.command(name="list")
def list_() -> None:
    """List everybody: username, roles, and whether the account is active.

    Example: lms users list
    """
    with open_database(Settings.load()).reading() as tx:
        for person in people.everyone(tx):
            state = "" if person.active else f"  ({_('not active')})"
            click.echo(f"{person.username:<24} {', '.join(sorted(person.roles))}{state}")


def _change_roles(username: str, to: Callable[[frozenset[str]], frozenset[str]]) -> None:
    settings = Settings.load()
    database = open_database(settings)
    pen = open_pen(settings, database)
    with database.writing() as tx:
        person = _person(tx, username)
        powers.change(tx, pen, person.id, to(person.roles), by=None, now=now())
        secrets = people.secrets_of(tx, person.id)
        person = _person(tx, username)
    click.echo(f"{person.username}: {', '.join(sorted(person.roles))}")
    if person.is_staff and secrets and not secrets.passphrase:
        sentence = _("%(username)s has no passphrase: `lms users reset %(username)s` gives one.")
        click.echo(sentence % {"username": person.username}, err=True)


def _person(tx: Connection, username: str) -> Person:
    found = people.by_username(tx, accounts.fold(username))
    if found is None:
        sentence = _("There is nobody called “%(username)s”. `lms users list` shows everybody.")
        raise click.ClickException(sentence % {"username": username})
    return found
