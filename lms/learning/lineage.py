"""What the releases of a course before the live one called things, and which major each was of."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lms.content.identity import Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """How the live release is related to the others that are known."""

    live: str
    """Its digest."""
    majors: Mapping[str, int]
    """The major of each release of the course, by digest."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Ids that some release renamed, each with its name now."""

    def now(self, name: str) -> str:
        """What is called so now."""
        return self.names.get(name, name)


def lineage(live: str, releases: Mapping[str, Identity]) -> Lineage:
    """The lineage of one of these releases of a course, which are all that are known."""
    there = releases[live].kinds
    ways = _ways(live, releases)
    return Lineage(
        live=live,
        majors={digest: each.major for digest, each in releases.items()},
        names={name: _follow(name, ways, there) for name in ways},
    )


def seen_from(digest: str, line: Lineage, releases: Mapping[str, Identity]) -> Lineage:
    """The same the other way round: what everything is called in that release, whichever later one renamed it, or earlier one did.
    What it does not have keeps a name of its own."""
    mine, onward = {line.now(name): name for name in releases[digest].kinds}, lineage(digest, releases)
    known = {name for each in releases.values() for name in each.kinds} | set(line.names)
    names = {name: mine.get(line.now(name), onward.now(name)) for name in known}
    return replace(onward, names={name: now for name, now in names.items() if now != name})


def _ways(live: str, releases: Mapping[str, Identity]) -> dict[str, list[str]]:
    """For each name that was ever given up, the names it was given up for: what the live release says comes first."""
    ways: dict[str, list[str]] = {old: [new] for old, new in releases[live].renamed.items()}
    others = {pair for each in releases.values() for pair in each.renamed.items()}
    for old, new in sorted(others):
        ways.setdefault(old, []).append(new)
    return ways


def _follow(name: str, ways: Mapping[str, Sequence[str]], there: Container[str]) -> str:
    """The first name on the way that is there now, else the last one that there was."""
    waiting, seen = [name], [name]
    for each in waiting:
        if each in there:
            return each
        further = [new for new in ways.get(each, ()) if new not in seen]
        seen += further
        waiting += further
    return waiting[-1]
