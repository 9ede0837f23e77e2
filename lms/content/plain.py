"""The words of HTML. Apart from `lms.content.markdown`, which only the reading of courses loads."""

from html import unescape

import nh3


def plain_text(html: str) -> str:
    """The words of a leaf without its tags, still HTML (`&amp;`): for a page, for comparing, naming, counting."""
    return " ".join(nh3.clean(html, tags=set(), clean_content_tags={"sup"}).split())


def plain_words(html: str) -> str:
    """The words of a leaf as they are read (`&`): for where no HTML is."""
    return unescape(plain_text(html))
