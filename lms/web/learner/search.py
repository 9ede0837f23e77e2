"""Searching the courses. What is looked for stands in no title and no log."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.content.search import MAX_QUERY, is_common
from lms.content.stems import folded_words
from lms.services.studying import finding
from lms.storage.search import Indexes
from lms.web.frame.locale import course_language, course_languages
from lms.web.frame.security import access
from lms.web.frame.session import has_left, person
from lms.web.frame.site import site

blueprint = Blueprint("search", __name__)
INDEXES = Indexes()


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for, in a language."""

    text: str
    language: str

    @property
    def words(self) -> list[str]:
        """Its words; none where it is empty."""
        return folded_words(self.text)

    @property
    def read(self) -> str:
        """As much of it as is read."""
        return self.text[:MAX_QUERY]

    @property
    def letters(self) -> bool:
        """Whether it is nothing but single letters."""
        return all(len(word) == 1 for word in self.words)

    @property
    def common(self) -> bool:
        """Whether its words are so common that they lead nowhere."""
        return is_common(self.text, self.language)


@blueprint.get("/search")
@access("public")
def results() -> str | Response:
    """The passages that have these words, or how to search."""
    if "q" in request.args and has_left():  # "Back": what the one before looked for is nobody's business
        return redirect(url_for("auth.login"), 303)
    course, who = request.args.get("course", ""), person()
    query = Query(request.args.get("q", "").strip(), course_language(course))
    with site().database.reading() as tx:
        found = finding.search(
            tx,
            site().desk.catalogue,
            INDEXES,
            learner=who.id if who else None,
            query=query.text,
            language=query.language,
            chosen=course_languages(),
            course=course,
        )
    within = found.within.course.edition(query.language) if found.within else None
    return render_template("learn/search.html", query=query, found=found, within=within, most=MAX_QUERY)
