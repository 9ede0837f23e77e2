"""A course in one language as a phone takes it along: every page of it for nobody, and what marks its practice. Of a final
test there is what stands before it, and nothing of its questions."""

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from lms.content.model import Edition, Module, Poll, Quiz, Scenario
from lms.content.passages import passages
from lms.learning.attempts import PlainWiring
from lms.learning.carried import carried
from lms.learning.written import with_words_of
from lms.storage.releases import Release
from lms.web.frame.locale import reader
from lms.web.frame.shared import plain
from lms.web.frame.templating import spoken_in, tint
from lms.web.learner import patterns
from lms.web.learner.blocks import about, pieces, referred, sections, tail
from lms.web.learner.shown import question_shown

FORMAT = "text 1"


def text(release: Release, language: str) -> dict[str, Any]:
    """The course in that language, in plain values for JSON; rendered for whoever reads now."""
    course, edition = release.course, release.course.editions[language]
    return {
        "vereda": FORMAT,
        "course": course.id,
        "release": release.digest,
        "major": course.major,
        "language": language,
        "title": edition.title,
        "short": course.discreet_title(language),
        "summary": edition.summary,
        "minutes": course.minutes,
        "tint": tint(course.id),
        "sensitive": course.sensitive,
        "exit": course.sensitive,
        "draft": course.is_draft,
        "about": _about(release, edition),
        "modules": [_module(release, edition, module) for module in edition.modules.values()],
        "glossary": [
            {"id": term.id, "term": term.term, "html": term.html, "language": term.language or language}
            for term in edition.glossary.values()
        ],
        "passages": [
            {"module": each.module, "anchor": each.anchor, "title": each.title, "text": each.text}
            for each in passages(edition)
        ],
        "rules": {"required": list(course.required), "certificate": course.certificate},
        "lineage": {"live": release.digest, "majors": {release.digest: course.major}, "names": dict(course.renamed)},
    }


def rules_of_test(module: Module) -> dict[str, Any]:
    """What a learner is told of a final test before she begins it."""
    rules = module.test
    if rules is None:
        raise ValueError(f"{module.id} is not a test")
    return {
        "attempts": rules.attempts,
        "wait": rules.wait,
        "offline": rules.offline,
        "count": sum(rules.draw.values()),
        "pass_mark": rules.pass_mark,
    }


def _about(release: Release, edition: Edition) -> str:
    course = release.course
    return plain(
        "pack/about.html",
        course=course,
        edition=edition,
        about=about(release, edition),
        tail=tail(release, edition, edition),
        warning=course.warning(edition.language),
        **spoken_in(edition),
    )


def _module(release: Release, edition: Edition, module: Module) -> dict[str, Any]:
    known: dict[str, Any] = {
        "id": module.id,
        "kind": module.kind,
        "title": module.title,
        "language": module.language,
        "minutes": module.minutes,
        "required": module.id in release.course.required,
    }
    if module.kind == "test":
        html = _rendered("test", release, edition, module, pieces=pieces(release, module))
        return {**known, "html": html, "test": rules_of_test(module), "quizzes": [], "questions": {}, "scenarios": {}}
    parts = sections(release, module)
    return {
        **known,
        "html": _lesson(release, edition, module),
        "sections": [
            {"anchor": part.anchor, "title": str(part.title), "left": part.left, "anchors": sorted(part.anchors)}
            for part in parts
        ],
        "quizzes": [{"id": quiz.id, "questions": [each.id for each in quiz.questions]} for quiz in _quizzes(module)],
        "questions": {each.id: carried(each) for each in _in_every_language(release, module).questions()},
        "scenarios": {
            story.id: {"endings": {step.id: step.outcome for step in story.steps if step.outcome}}
            for story in module.scenarios()
        },
        "quiz_mark": module.quiz_mark,
        "quiz_attempts": module.quiz_attempts,
        "polls": [poll.id for poll in module.polls()],
    }


def _quizzes(module: Module) -> Iterator[Quiz]:
    return (block for block in module.body if isinstance(block, Quiz))


def _in_every_language(release: Release, module: Module) -> Module:
    """The module, its questions taking what is written in any language of the course."""
    editions = release.course.editions.values()
    there = [each.modules[module.id] for each in editions if module.id in each.modules]
    return with_words_of(module, [each for each in there if each.language != module.language])


def _lesson(release: Release, edition: Edition, module: Module) -> str:
    parts = sections(release, module)
    blocks = {block.id: _block(release, edition, module, block) for block in _own(module)}
    stretches = [piece for part in parts for piece in part.pieces if isinstance(piece, str)]
    places = referred("".join([*stretches, *blocks.values()]))
    return _rendered(
        "lesson",
        release,
        edition,
        module,
        sections=parts,
        named=[(part, False) for part in parts if part.anchor],
        done=False,
        next_anchor="",
        kept=0,
        part=lambda block: blocks[block.id],
        tail=tail(release, module, edition, places),
    )


def _own(module: Module) -> Iterator[Quiz | Scenario | Poll]:
    return (block for block in module.body if isinstance(block, Quiz | Scenario | Poll))


def _block(release: Release, edition: Edition, module: Module, block: Quiz | Scenario | Poll) -> Markup:
    if isinstance(block, Scenario):
        return patterns.scenario(release, module, edition, block, carried=True)
    if isinstance(block, Poll):
        return Markup(_rendered("poll", release, edition, module, block=block))  # noqa: S704 - our own template
    count = len(block.questions)
    asked = [
        patterns.ask(
            release,
            module,
            question_shown(question, PlainWiring(), {}, None),
            place=patterns.place(number, count) if count > 1 else "",
        )
        for number, question in enumerate(block.questions, start=1)
    ]
    html = _rendered("quiz", release, edition, module, quiz=block, questions=Markup("").join(asked))
    return Markup(html)  # noqa: S704 - our own template


def _rendered(name: str, release: Release, edition: Edition, module: Module, **values: object) -> str:
    known = {"course": release.course, "edition": edition, "module": module, "reader": reader(), **spoken_in(module)}
    return plain(f"pack/{name}.html", **{**known, **values})
