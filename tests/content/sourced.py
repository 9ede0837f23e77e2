"""The sample course with a source for whatever it tells, so that nothing in it is advised against."""

import re
import shutil
from pathlib import Path

SAMPLE = Path(__file__).parent / "sample"


def sourced(folder: Path) -> Path:
    """The sample's folder of courses, copied to that one."""
    made = Path(shutil.copytree(SAMPLE, folder, dirs_exist_ok=True))
    for path in (made / "demo-course/es").glob("[0-9]*.md"):
        text = re.sub(r"^(\s+> .*)$", r"\1[^libro]", path.read_text("utf-8"), flags=re.MULTILINE)
        path.write_text(f"{text}\n[^libro]: *Un libro*, 2026.\n", "utf-8")
    return made
