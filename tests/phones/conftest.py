"""A store that can be killed, behind a bad link, and phones."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lms.learning.events import decode
from tests.installation import SAMPLE, Installation, end_group, install
from tests.phones.phone import Phone, Row
from tests.phones.wire import Wire

COURSE = "demo-course"
SETTLED = ("accepted", "duplicate", "unproven", "quarantined")


@dataclass
class Store:
    """An installation, the link that phones have to it, and its processes."""

    installation: Installation
    wire: Wire
    stack: ExitStack = field(default_factory=ExitStack)
    server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """It serves; what was killed before starts again."""
        self.server = self.stack.enter_context(self.installation.serving())

    def kill(self) -> None:
        """Every process of it is killed at once."""
        assert self.server
        end_group(self.server)

    def lines(self) -> dict[str, bytes]:
        """Every event of its log by id, and every line in quarantine."""
        database = self.installation.database()
        with database.reading() as tx:
            found = [(str(row[0]), bytes(row[1])) for row in tx.exec_driver_sql("SELECT id, raw FROM events")]
            held = [(str(row[0]), bytes(row[1])) for row in tx.exec_driver_sql("SELECT id, raw FROM quarantine")]
        database.close()
        assert len(dict(found)) == len(found)
        return dict(held) | dict(found)

    def count(self, learner: str, kind: str) -> int:
        """How many events of that type it has of hers."""
        events = [decode(raw) for raw in self.lines().values()]
        return sum(each.learner == learner and each.type == kind for each in events)

    def agrees(self) -> None:
        """Its tables say what its log says."""
        self.installation.lms("rebuild", "--check")

    def holds(self, rows: list[Row]) -> None:
        """Everything that a phone called saved is here once, or shown there as refused with the reason; its tables agree."""
        here = self.lines()
        for row in rows:
            if row["state"] == "refused":
                assert row["why"], row
            else:
                assert row["state"] in SETTLED, row
                assert here[row["id"]] == row["raw"].encode() or row["state"] == "quarantined", row
        self.agrees()


def copied(folder: Path) -> Path:
    """The sample's courses there, with a test that may be taken along."""
    shutil.copytree(SAMPLE, folder)
    test = folder / COURSE / "es" / "90-prueba.md"
    test.write_text(test.read_text("utf-8").replace("pass: 80\n", "pass: 80\noffline: yes\nattempts: 3\n"), "utf-8")
    return folder


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store that serves."""
    folder = tmp_path_factory.mktemp("store")
    installation = install(folder, copied(folder / "courses"))
    made = Store(installation, Wire(installation.port))
    with made.stack:
        made.start()
        yield made
    made.wire.close()


@pytest.fixture
def phone(store: Store, tmp_path: Path) -> Iterator[Callable[[str], Phone]]:
    """Phones by name, closed at the end."""
    made: dict[str, Phone] = {}

    def get(name: str) -> Phone:
        return made.setdefault(name, Phone(tmp_path / name, store.wire.url))

    yield get
    for each in made.values():
        each.close()
