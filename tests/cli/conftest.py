"""The command line, on an instance folder of its own."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner, Result

from lms.cli import main
from lms.services.people import passphrases

Lms = Callable[..., Result]
SAMPLE = Path(__file__).parents[1] / "content" / "sample"
GROUPS = {
    "users": ["add", "reset", "grant", "revoke", "second-factor", "list"],
    "cohorts": ["add", "assign", "list"],
    "import": ["zip"],
    "keys": ["init", "request", "issue", "install", "rotate", "revoke", "show", "protect", "countersign"],
    "quarantine": ["list", "export"],
    "retention": ["run"],
    "people": ["import", "export", "erase", "link", "unlink", "compact"],
    "translate": ["status", "accept"],
}


@pytest.fixture(autouse=True)
def own_umask() -> Iterator[None]:
    """What a command makes private stays its own affair."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LMS_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("LMS_COURSES", str(SAMPLE))
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.delenv("LANGUAGE", raising=False)
    monkeypatch.setattr(passphrases, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return tmp_path / "instance"


@pytest.fixture
def lms(instance: Path) -> Lms:
    """`lms WORDS`, in this process."""

    def run(*words: str, code: int = 0, typed: str | None = None) -> Result:
        result = CliRunner().invoke(main, list(words), prog_name="lms", input=typed)
        assert result.exit_code == code, (result.output, result.exception)
        return result

    return run


def in_a_process(*command: str) -> subprocess.CompletedProcess[str]:
    """What a real process did."""
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
