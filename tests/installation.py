"""A real installation in a folder of its own, and its server as real processes."""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lms.config import Settings
from lms.storage.database import Database

SAMPLE = Path(__file__).parent / "content" / "sample"


@dataclass(frozen=True)
class Installation:
    """An instance folder with its port."""

    folder: Path
    courses: Path
    port: int

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What its commands need in their environment."""
        own = {
            "LMS_INSTANCE": str(self.folder / "instance"),
            "LMS_COURSES": str(self.courses),
            "LMS_PORT": str(self.port),
            "LMS_DEVELOPMENT": "true",  # the styleguide is there too
        }
        return {**os.environ, **own}

    @property
    def settings(self) -> Settings:
        """Its settings."""
        return Settings.load(self.environment)

    def database(self) -> Database:
        """Its database."""
        return Database(self.settings.url)

    def lms(self, *words: str, check: bool = True) -> str:
        """What `lms WORDS` printed."""
        command = [sys.executable, "-m", "lms.cli", *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False, timeout=120)
        if check and done.returncode:
            raise AssertionError(f"lms {' '.join(words)} failed: {done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    @contextmanager
    def serving(self) -> Iterator[subprocess.Popen[bytes]]:
        """Its server, in a process group of its own, ended with everything in it."""
        command = [sys.executable, "-m", "lms.cli", "serve"]
        log = (self.folder / "serve.log").open("ab")
        no, own = subprocess.DEVNULL, self.environment
        server = subprocess.Popen(command, env=own, stdin=no, stdout=log, stderr=log, start_new_session=True)
        try:
            self._wait_until_up(server)
            yield server
        finally:
            end_group(server)
            log.close()

    def _wait_until_up(self, server: subprocess.Popen[bytes]) -> None:
        """Returns when its pages answer; fails after 60 seconds, and at once where it has ended."""
        until = time.monotonic() + 60
        while time.monotonic() < until and server.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=2).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise AssertionError("the server did not come up: " + (self.folder / "serve.log").read_text()[-2000:])

    def is_up(self) -> bool:
        """Whether anything listens on its port."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def install(folder: Path, courses: Path = SAMPLE, *more: Path) -> Installation:
    """An installation with these courses published, and then those of `more`.

    It is a copy of one that each process makes once: two with the same courses are the same store.
    """
    made = Installation(folder=folder, courses=courses, port=free_port())
    shutil.copytree(_prepared(courses, more), folder, dirs_exist_ok=True)
    return made


@cache
def _prepared(courses: Path, more: tuple[Path, ...]) -> Path:
    """A folder with the instance of these courses and the secret beside it; it goes when the process ends."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = Installation(folder=folder, courses=courses, port=free_port())
    made.lms("init")
    made.lms("publish")
    for each in more:
        made.lms("publish", str(each))
    return folder


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end_group(process: subprocess.Popen[bytes]) -> None:
    """The process and everything in its group is gone."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
