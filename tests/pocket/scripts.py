"""The pocket's scripts outside a browser."""

import shutil
import subprocess
from pathlib import Path

from lms.web.assets import SOURCES
from tests.tools import require

HOLD = Path(__file__).parents[1] / "vectors" / "pocket.mjs"


def modules(folder: Path) -> Path:
    """A folder of them, as node takes modules."""
    shutil.copytree(SOURCES / "js" / "pocket", folder)
    (folder / "package.json").write_text('{"type": "module"}', "utf-8")
    return folder


def hold(*arguments: Path) -> str:
    """What `pocket.mjs` prints; fails where a script says something else than the program."""
    require("node")
    command = ["node", str(HOLD), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[:3000]
    return done.stdout.strip()
