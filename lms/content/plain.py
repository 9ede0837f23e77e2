"""The words of HTML. Apart from `lms.content.markdown`, which only the reading of courses loads."""

import nh3


def plain_text(html: str) -> str:
    """The words of a leaf without its HTML: for comparing, naming, counting."""
    return " ".join(nh3.clean(html, tags=set(), clean_content_tags={"sup"}).split())
