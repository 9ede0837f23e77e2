"""What a release says of ids: which there are and of what kind, and what some of them were called before."""

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The ids of one release."""

    major: int
    kinds: Mapping[str, str]
    """Each module (`module`, `test`) and each block with an id (`single` … `scenario`, `cards`)."""
    renamed: Mapping[str, str]


def identity(raw: bytes) -> Identity:
    """The ids in a release's bytes, without making a course of them: a history may have a hundred releases."""
    body = json.loads(raw)
    kinds: dict[str, str] = {}
    for module in body["editions"][body["source"]]["modules"].values():
        kinds[module["id"]] = module["kind"]
        for block in module["body"]:
            for each in block.get("questions", [block]):
                if "id" in each:
                    kinds[each["id"]] = each.get("kind", each["is"].lower())
    return Identity(major=body["major"], kinds=kinds, renamed=body["renamed"])


def chain(name: str, renamed: Mapping[str, str]) -> str:
    """Where these renamings lead from a name; one that leads in a circle ends where it began."""
    seen: list[str] = []
    while name in renamed and name not in seen:
        seen.append(name)
        name = renamed[name]
    return name
