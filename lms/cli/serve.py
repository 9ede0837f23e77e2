"""`lms serve`: the web server and the worker that makes certificates."""

import os
import subprocess
import sys
import threading

import click

from lms.certificates.keys import load_store_signer, load_web_secret
from lms.certificates.protection import Lock
from lms.cli.lifeline import PARENT
from lms.cli.place import in_force, keep_private, open_database
from lms.cli.speech import Spoken, _
from lms.config import Settings
from lms.i18n import N_
from lms.services.people import first_run

PATIENCE = 2.0  # seconds before a worker that died is started again


@click.command(cls=Spoken)
@click.option("--host", help=N_("Address to listen on; 0.0.0.0 for every machine of the network."))
@click.option("--port", type=click.IntRange(1, 65535), help=N_("Port to listen on."))
@click.option("--workers", type=click.IntRange(1, 64), help=N_("Web processes."))
def command(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the pages with granian, and run the worker that makes certificates.

    Example: lms serve --host 0.0.0.0 --port 8000
    """
    keep_private()
    settings = in_force()
    nobody = _check_ready(settings)
    os.environ[PARENT] = str(os.getpid())
    over = threading.Event()
    threading.Thread(target=_keep_worker, args=(over,), daemon=True).start()
    where = f"http://{host or settings.host}:{port or settings.port}"
    click.echo(_("%(name)s: %(where)s (Ctrl+C ends it)") % {"name": settings.name, "where": where})
    if nobody:
        click.echo(_("There is no administrator yet. `lms init` printed a code: %(where)s/welcome") % {"where": where})
    try:
        _serve(host or settings.host, port or settings.port, workers or settings.workers)
    finally:
        over.set()


def _check_ready(settings: Settings) -> bool:
    """Whether nobody administers yet; a sentence where it can't serve."""
    database = open_database(settings)
    with database.reading() as tx:
        nobody = not first_run.is_over(tx)
    database.close()
    load_store_signer(settings.keys, Lock(settings.secret))
    load_web_secret(settings.keys)
    return nobody


def _serve(host: str, port: int, workers: int) -> None:
    from granian import Granian  # loaded once it is certain that we serve
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "lms.cli.serving:application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        backpressure=256,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        websockets=False,
    ).serve()


def _keep_worker(over: threading.Event) -> None:
    """A worker runs until `over`; one that dies is started again after a pause."""
    while not over.is_set():
        worker = subprocess.Popen([sys.executable, "-m", "lms.cli", "worker", "--child"])
        while worker.poll() is None and not over.wait(0.2):
            pass
        if over.is_set():
            worker.terminate()
            return
        over.wait(PATIENCE)
