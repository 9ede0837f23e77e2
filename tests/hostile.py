"""Names that would like to be more than names: formulas, cells, markup."""

from collections.abc import Iterator
from itertools import islice

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lms.services.common.cells import MEANS_MORE

AT_ONCE = 100
MARKUP = '=HYPERLINK("http://evil.test";"x")'
SIGNS = (
    *MEANS_MORE,
    ";=",
    ";'=",
    "\t=",
    '"=',
    ",=",
    "<r>",
    "</r>",
    "<r><t>x</t></r>",
    "_x0041_",
    "'=",
    " =",
    "]]>",
    "&amp;",
    "\r\n@",
)
WHOLE = ("=1+1", MARKUP, "cmd|' /C calc'!A0", "1+1</r>", "</t></is></c><c><f>1+1</f></c>", "2026-11-24", "1e5", "007")
letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
names = st.builds(str.__add__, st.sampled_from(["", *SIGNS]), st.text(letters, max_size=12) | st.sampled_from(WHOLE))
"""As databases can hold them; forms refuse many (`lms.services.people.accounts.clean_name`)."""


def some(many: int) -> list[str]:
    """So many of them."""
    return list(islice(_lists(-(-many // AT_ONCE)), many))


def _lists(many: int) -> Iterator[str]:
    found: list[str] = []

    @given(st.lists(names, min_size=AT_ONCE, max_size=AT_ONCE))
    @settings(max_examples=many, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)
    def gather(more: list[str]) -> None:
        found.extend(more)

    while len(found) < many * AT_ONCE:
        gather()
    yield from found
