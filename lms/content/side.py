"""A course by its ids, to be held beside another one."""

from collections.abc import Mapping
from functools import cached_property

from lms.content.model import Course, Module
from lms.content.units import Unit, kind_of, named, units

NOTHING = Unit(id="", kind="", module="", line=0, text="", structure="")


class Side:
    """Its modules and blocks by id, in its source language, and the units of every language."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.modules: Mapping[str, Module] = course.edition(course.source).modules
        self.blocks = {block.id: block for module in self.modules.values() for block in named(module.body)}
        self.module_of = {block.id: module.id for module in self.modules.values() for block in named(module.body)}
        self.kinds = {module.id: module.kind for module in self.modules.values()} | {
            name: kind_of(block) for name, block in self.blocks.items()
        }

    @cached_property
    def units(self) -> dict[str, dict[str, Unit]]:
        """The units of each language."""
        return {language: units(edition) for language, edition in self.course.editions.items()}


def differs(was: Side, now: Side, old: str, new: str) -> bool:
    """Whether the unit's text is another one in any language that both courses have."""
    return any(
        was.units[each].get(old, NOTHING).text != now.units[each].get(new, NOTHING).text
        for each in now.units
        if each in was.units
    )
