"""`lms`: thin commands over services, each in a module of its own, loaded when it is called."""

from importlib import import_module
from typing import Any

import click

from lms import __version__
from lms.config import BadSetting
from lms.refusals import Refusal

COMMANDS = {
    "check": "lms.cli.check",
    "cohorts": "lms.cli.cohorts",
    "init": "lms.cli.init",
    "publish": "lms.cli.publish",
    "rebuild": "lms.cli.rebuild",
    "serve": "lms.cli.serve",
    "users": "lms.cli.users",
    "verify": "lms.cli.verify",
    "worker": "lms.cli.worker",
}


class Commands(click.Group):
    """Finds each command's module by name, so that `lms serve` does not load the PDF library."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command's name."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name]).command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; a refusal or a bad setting is one line, not a traceback."""
        try:
            return super().invoke(ctx)
        except (Refusal, BadSetting) as error:
            raise click.ClickException(str(error)) from error


@click.command(cls=Commands)
@click.version_option(__version__, prog_name="lms")
def main() -> None:
    """Vereda: check and publish courses, look after people, serve, verify certificates."""
