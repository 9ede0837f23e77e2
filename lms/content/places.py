"""Where a course's ids stand: a release has no lines, and what is wrong with it is told at its line."""

from pathlib import Path

from lms.content.course_file import LINES, read_course_file
from lms.content.diagnostics import Places
from lms.content.model import Course
from lms.content.report import Report
from lms.content.units import named


def places(course: Course, folder: Path) -> Places:
    """The places of a course that was read from that folder, in its source language."""
    facts = read_course_file(folder / "course.yml", Report(""))
    lines = facts.lines if facts else dict.fromkeys(LINES, 1)
    found = {f":{name}": (f"{folder.name}/course.yml", line) for name, line in lines.items()}
    for module in course.edition(course.source).modules.values():
        file = f"{folder.name}/{course.source}/{module.file}"
        found[module.id] = (file, 1)
        found |= {block.id: (file, block.line) for block in named(module.body)}
    return found
