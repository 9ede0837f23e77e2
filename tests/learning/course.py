"""Small courses for tests of the learning core, made without the parser."""

from lms.content.model import Course, Edition, Module, Quiz, Scenario, Step, TestRules, Way
from lms.content.question_model import (
    BlanksQuestion,
    ChoiceQuestion,
    Expected,
    Gap,
    GapOption,
    Item,
    MatchQuestion,
    Option,
    OrderQuestion,
    Pair,
    Question,
    Target,
    TextQuestion,
)


def choice(
    name: str, *, right: str = "1", kind: str = "single", n: int = 4, pool: str = "", **values: object
) -> ChoiceQuestion:
    """A choice question whose right keys are the letters of `right` (`"13"`: options 1 and 3)."""
    options = tuple(
        Option(line=0, key=str(k), html=f"option {k} of {name}", right=str(k) in right, feedback=f"because {k}")
        for k in range(1, n + 1)
    )
    fields = {"title": "", "vignette": "", "prompt": f"{name}?", "points": 1, "scoring": "partial", **values}
    return ChoiceQuestion(line=0, id=name, kind=kind, pool=pool, options=options, **fields)  # type: ignore[arg-type]


def match(name: str, *, pool: str = "", scoring: str = "partial") -> MatchQuestion:
    """Three items, two of them of one target, and a distractor."""
    pairs = tuple(
        Pair(line=0, key=key, html=f"item {key}", target=target, feedback=f"so {key}")
        for key, target in (("1", "t1"), ("2", "t2"), ("3", "t1"))
    )
    targets = tuple(Target(key=f"t{n}", html=f"target {n}") for n in (1, 2, 3))
    return MatchQuestion(
        line=0,
        id=name,
        kind="match",
        title="",
        vignette="",
        prompt=f"{name}?",
        points=1,
        pool=pool,
        scoring=scoring,
        pairs=pairs,
        targets=targets,  # type: ignore[arg-type]
    )


def ordering(name: str, *, pool: str = "", scoring: str = "partial") -> OrderQuestion:
    """Three things in order."""
    items = tuple(Item(line=0, key=str(k), html=f"thing {k}", feedback="") for k in (1, 2, 3))
    return OrderQuestion(
        line=0,
        id=name,
        kind="order",
        title="",
        vignette="",
        prompt=f"{name}?",
        points=1,
        pool=pool,
        scoring=scoring,
        items=items,  # type: ignore[arg-type]
    )


ASKED = {"line": 0, "title": "", "vignette": "", "points": 1}


def written(name: str, *expected: str, kind: str = "short", match: str = "loose", pool: str = "") -> TextQuestion:
    """Something to write: right answers as they are, common mistakes with a `!` before them."""
    foreseen = tuple(
        Expected(line=0, key=str(k), text=text.lstrip("!"), right=not text.startswith("!"), feedback=f"so {k}")
        for k, text in enumerate(expected, start=1)
    )
    fields = {**ASKED, "id": name, "prompt": f"{name}?", "pool": pool, "scoring": "partial"}
    return TextQuestion(**fields, kind=kind, match=match, expected=foreseen)  # type: ignore[arg-type]


def blanks(name: str, *, pool: str = "", scoring: str = "partial") -> BlanksQuestion:
    """A text with a gap to write (`sí` or `claro`) and one to choose (`b` of three)."""
    options = tuple(GapOption(key=str(k), text=text, right=text == "b") for k, text in enumerate("abc", start=1))
    gaps = (Gap(key="1", accepted=("sí", "claro"), options=()), Gap(key="2", accepted=(), options=options))
    fields = {**ASKED, "id": name, "prompt": f"{name}?", "pool": pool, "scoring": scoring}
    return BlanksQuestion(**fields, kind="blanks", match="loose", texts=("<p>Di ", " y ", ".</p>"), gaps=gaps)  # type: ignore[arg-type]


def quiz(*questions: Question) -> Quiz:
    """One form of these questions."""
    return Quiz(line=0, id=questions[0].id, questions=questions)


def story(name: str = "e-1") -> Scenario:
    """Two steps and an ending."""
    way = Way(line=0, target="end", html="go", consequence="well", score=2)
    steps = (
        Step(line=0, id="n1", title="One", body=(), ways=(way,)),
        Step(line=0, id="end", title="End", body=(), ways=(), outcome="good"),
    )
    return Scenario(line=0, id=name, title="Story", intro=(), steps=steps)


def module(name: str, *body: object, mark: int = 0, rules: TestRules | None = None) -> Module:
    """A lesson, or a test when it has rules."""
    return Module(
        id=name,
        file=f"{name}.md",
        language="es",
        title=name.title(),
        minutes=10,
        objectives=(),
        kind="test" if rules else "module",
        quiz_mark=mark,
        quiz_attempts=0,
        reviewed="",
        translators=(),
        test=rules,
        body=body,
        footnotes=(),
        terms=(),  # type: ignore[arg-type]
    )


def rules(**values: object) -> TestRules:
    """A test of one question from each of two pools."""
    fields = {
        "pass_mark": 80,
        "attempts": 0,
        "wait": 0,
        "draw": {"a": 1, "b": 1},
        "review": {"a": "m-1"},
        "shuffle": True,
        "offline": True,
        **values,
    }
    return TestRules(**fields)  # type: ignore[arg-type]


def course(*modules: Module, **values: object) -> Course:
    """A course of these modules in Spanish, all required, its last test earning the certificate."""
    tests = [each.id for each in modules if each.kind == "test"]
    edition = Edition(
        language="es",
        title="Curso",
        summary="",
        audience="",
        about=(),
        footnotes=(),
        modules={each.id: each for each in modules},
        glossary={},
    )
    fields = {
        "format": 1,
        "id": "curso",
        "version": "1",
        "source": "es",
        "languages": ("es",),
        "topics": (),
        "code": "K7Q2",
        "public_title": {},
        "minutes": 20,
        "hours": 1,
        "level": "inicial",
        "audience": (),
        "access": "open",
        "content_warning": {},
        "help_note": "",
        "license": "",
        "credits": (),
        "review": {},
        "sensitive": False,
        "major": 1,
        "required": tuple(each.id for each in modules),
        "certificate": tests[-1] if tests else "",
        "retired": (),
        "renamed": {},
        "editions": {"es": edition},
        **values,
    }
    return Course(**fields)  # type: ignore[arg-type]


def lessons_and_test() -> Course:
    """A lesson with a quiz to pass, one with a story, and a test of two pools with three questions each."""
    practice = quiz(choice("q-1", right="2"), choice("q-2", right="13", kind="multiple"), match("q-3"), ordering("q-4"))
    pools = [choice(f"{pool}-{n}", pool=pool, right=str(n)) for pool in "ab" for n in (1, 2, 3)]
    return course(
        module("m-1", practice, mark=70),
        module("m-2", story()),
        module("m-test", quiz(*pools), rules=rules()),
    )
