"""Power and processes fail: what was confirmed is there, and what was begun is finished once."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from lms.cli.place import open_pen
from lms.ids import uuid7
from lms.storage.database import Database
from tests.installation import Installation, end_group, install
from tests.visitor import Visitor

ROUNDS = 30 if os.environ.get("LMS_REQUIRE_AUDIT") else 5
COURSE = "/courses/demo-course"
pytestmark = [pytest.mark.xdist_group("faults")]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return install(tmp_path_factory.mktemp("faults"))


def register(installation: Installation, username: str) -> Visitor:
    visitor = Visitor(installation.url)
    page = visitor.get("/register")
    done = visitor.send(
        page,
        page.form("/register"),
        username=username,
        display_name="Ana",
        passphrase="tres palabras sueltas",
        consent="yes",
    )
    assert done.status == 200, done.text[:500]
    return visitor


def answer_until_killed(visitor: Visitor, stop: threading.Event, confirmed: list[str]) -> None:
    """Answers again and again; the id of each answer that was confirmed is kept."""
    while not stop.is_set():
        try:
            page = visitor.get(f"{COURSE}/m-uno?again=q-a")
            form = page.form("/quiz/q-a")
            event = uuid7()
            done = visitor.send(page, form, button=("act", "check"), event=event, **{"q-a": form.options["q-a"][0]})
        except OSError:
            return
        if done.status == 200:
            confirmed.append(event)


def known(installation: Installation) -> set[str]:
    database = installation.database()
    with database.reading() as tx:
        assert tx.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        found = {row[0] for row in tx.exec_driver_sql("SELECT id FROM events")}
    database.close()
    return found


def test_kill_minus_nine_loses_no_confirmed_answer(installation: Installation) -> None:
    confirmed: list[str] = []
    for number in range(ROUNDS):
        with installation.serving() as server:
            learners = [register(installation, f"ana{number}x{n}") for n in range(2)]
            stop = threading.Event()
            threads = [threading.Thread(target=answer_until_killed, args=(each, stop, confirmed)) for each in learners]
            for thread in threads:
                thread.start()
            before = len(confirmed)
            until = time.monotonic() + 60
            while len(confirmed) < before + 8 and time.monotonic() < until:
                time.sleep(0.01)
            os.killpg(server.pid, signal.SIGKILL)
            stop.set()
            for thread in threads:
                thread.join()
        assert set(confirmed) <= known(installation)
        installation.lms("rebuild", "--check")  # fails with the rows that disagree
    assert len(confirmed) >= 8 * ROUNDS


def descendants(pid: int) -> set[int]:
    told = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in told.splitlines()[1:]]
    found = {pid}
    while True:
        more = {child for child, parent in pairs if parent in found} - found
        if not more:
            return found - {pid}
        found |= more


def command_line(pid: int) -> bytes:
    """What the process was started as; nothing for one that is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_for(condition: object, seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes die with their parent on Linux only")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_parent_leaves_no_process_behind(installation: Installation, how: signal.Signals) -> None:
    with installation.serving() as server:
        assert wait_for(lambda: len(descendants(server.pid)) >= 2)
        children = descendants(server.pid)
        os.kill(server.pid, how)
        server.wait(timeout=30)
        assert wait_for(lambda: not any(alive(pid) for pid in children)), children
        assert wait_for(lambda: not installation.is_up())


def test_a_worker_that_dies_is_started_again(installation: Installation) -> None:
    with installation.serving() as server:

        def workers() -> set[int]:
            return {pid for pid in descendants(server.pid) if b"worker" in command_line(pid)}

        assert wait_for(lambda: bool(workers()))
        (first,) = workers()
        os.kill(first, signal.SIGKILL)
        assert wait_for(lambda: bool(workers() - {first}))


def requested(installation: Installation) -> str:
    """The number of a certificate that was asked for and that nobody has made."""
    from lms.cli.place import now
    from lms.services.certifying import certify
    from lms.services.people import accounts
    from lms.storage.people import Secrets
    from lms.storage.releases import Catalogue

    settings, database = installation.settings, installation.database()
    pen = open_pen(settings, database)
    with database.writing() as tx:
        ana = accounts.add(
            tx, pen, username=f"a{uuid7()[-12:]}", display_name="Ana", secrets=Secrets("x", None), now=now()
        )
        release = Catalogue().live(tx, "demo-course")
        assert release
        number = certify.request(tx, pen, learner=ana.id, release=release, language="es", now=now(), settings=settings)
    database.close()
    assert number
    return number


def state(database: Database, number: str) -> tuple[str, int]:
    with database.reading() as tx:
        found = tx.exec_driver_sql("SELECT state FROM certificates WHERE number = ?", (number,)).scalar()
        raws = [row[0] for row in tx.exec_driver_sql("SELECT raw FROM events WHERE type = 'store.credential_issued'")]
    return str(found), sum(json.loads(raw)["data"]["number"] == number for raw in raws)


@pytest.mark.parametrize("moment", [0.05, 0.3, 0.6, 0.9])
def test_a_certificate_whose_worker_was_killed_is_made_at_the_next_start_once(
    installation: Installation, moment: float
) -> None:
    number = requested(installation)
    command = [sys.executable, "-m", "lms.cli", "worker"]
    worker = subprocess.Popen(command, env=installation.environment, start_new_session=True)
    time.sleep(moment)
    end_group(worker)
    for _ in range(2):
        installation.lms("worker", "--once")
    database = installation.database()
    assert state(database, number) == ("issued", 1)
    database.close()
