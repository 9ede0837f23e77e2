"""For paper: a module and a course with everything open, sheets with their codes, and the key for the staff only."""

import re
import shutil
from pathlib import Path

import pytest
from flask import Flask

from lms.content.course import load
from lms.content.model import Course
from lms.content.plain import plain_text
from lms.services.running.publish import publish
from tests.conftest import NOW
from tests.web.client import Client, words
from tests.web.conftest import LIBRARY, SAMPLE, signed_in, site_of
from tests.web.learner import COURSE, UNO
from tests.web.statements import statements

MUESTRARIO = "/courses/muestrario"
REAL = "/courses/trata-de-personas"
CODE = re.compile(r"Hoja ([0-9A-Z]{4}-[0-9A-Z]{4})")


@pytest.fixture(scope="module")
def muestrario() -> Course:
    course, _ = load(LIBRARY[1])
    assert course
    return course


@pytest.fixture(scope="module")
def real() -> Course:
    course, _ = load(LIBRARY[0])
    assert course
    return course


@pytest.fixture(scope="module")
def ana(library: Flask) -> Client:
    """Ana, a learner."""
    return signed_in(library, "ana-printing")


@pytest.fixture(scope="module")
def eva(library: Flask) -> Client:
    """Eva, a coordinator."""
    return signed_in(library, "eva-printing", "learner", "coordinator")


def edited(app: Flask, tmp_path: Path, **changes: tuple[str, str]) -> None:
    """The sample course published again with these texts of its files (by how their names begin) replaced."""
    folder = tmp_path / "demo-course"
    if not folder.exists():
        shutil.copytree(SAMPLE, folder)
    for name, (old, new) in changes.items():
        path = next(each for each in folder.rglob("*") if each.name.startswith(name))
        assert old in path.read_text("utf-8")
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    assert publish(site_of(app).database, folder, position=0, now=NOW).outcome == "published"


def test_a_printed_module_has_everything_open(muestrario: Course, ana: Client) -> None:
    said = words(ana.get(f"{MUESTRARIO}/m-caja/print"))
    for part in (
        "Otra caja, más pequeña.",  # text that opens
        "Cubrir una herida",  # the back of a card
        "red (https://www.ifrc.org/)",
        "CAD (Fecha de caducidad)",
        "a Botiquín Caja con lo necesario",
        "International first aid, resuscitation, and education guidelines , 2020.",
        "Se habla de heridas pequeñas.",
        "número de emergencias",
    ):
        assert part in said, part
    said = words(ana.get(f"{MUESTRARIO}/m-casa/print"))
    for part in (
        "Luego la venda.",  # a transcript
        "Traigo la caja y me lavo las manos. Vaya al paso 2",
        "Elija otra vez: vaya al paso 1",
        "Aquí termina la historia.",
        "1: Nada",
    ):
        assert part in said, part
    text = ana.get(f"{MUESTRARIO}/m-casa/print").get_data(as_text=True)
    main = text[text.index("<main") : text.index("</main>")]
    assert not re.search(r"<(details|video|audio|textarea|select|input)\b", main)
    assert 'loading="lazy"' not in main


def test_a_printed_module_says_what_it_is_and_when(real: Course, ana: Client) -> None:
    answer = ana.get(f"{REAL}/m-que-es/print")
    text, said = answer.get_data(as_text=True), words(answer)
    assert "Vereda · Curso de protección 2 Versión 1 · impreso el 24 de noviembre de 2026 · Hoja 0000-" in said
    assert re.findall(r"<title>(.*?)</title>", text) == ["Módulo 1 · Curso de protección 2 · Vereda"]
    assert "desactive «Encabezados y pies de página»" in said
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_only_a_reason_refers_to_is_not_listed(muestrario: Course, ana: Client) -> None:
    module = muestrario.editions["es"].modules["m-preguntas"]
    text = ana.get(f"{MUESTRARIO}/m-preguntas/print").get_data(as_text=True)
    listed = re.findall(r'<li value="(\d+)"', text)
    assert len(listed) < len(module.footnotes)
    assert set(listed) == set(re.findall(r"\[(\d+)\]", text))
    assert text.count("<dt><sup>") == len(set(re.findall(r'<sup class="ref">([a-z])</sup>', text)))


def test_its_questions_are_an_exercise_without_answers(muestrario: Course, ana: Client) -> None:
    said = words(ana.get(f"{MUESTRARIO}/m-preguntas/print"))
    for question in muestrario.editions["es"].modules["m-preguntas"].questions():
        assert plain_text(question.prompt) in said
    assert "Pista para la pregunta 1 : Mire las fechas." in said
    for hidden in ("Sí: la fecha ya pasó", "aunque la caja parezca nueva", "algodón", "Correcto"):
        assert hidden not in said, hidden


def test_a_printed_course_has_a_cover_contents_and_all_its_parts(real: Course, ana: Client) -> None:
    answer, edition = ana.get(f"{REAL}/print"), real.editions["es"]
    text, said = answer.get_data(as_text=True), words(answer)
    cover = text.partition('class="paper-cover"')[2].partition("</section>")[0]
    assert "Curso de protección 2" in cover
    assert edition.title not in cover
    titles = [f"{n}. {module.title}" for n, module in enumerate(edition.modules.values(), 1)]
    heads = [plain_text(each) for each in re.findall(r'<h2 id="part-\d+"[^>]*>(.*?)</h2>', text)]
    assert heads == ["Sobre este curso", *titles, "Glosario", "Fuentes"]
    contents = text.partition('class="paper-contents"')[2].partition("</ol>")[0]
    listed = [plain_text(each) for each in re.findall(r"<li>(.*?)</li>", contents, re.DOTALL)]
    assert [each.replace(" ", "") for each in listed] == [
        each.replace(" ", "").replace(".", "", each[0].isdigit()) for each in heads
    ]
    for note in (note for each in edition.modules.values() if each.kind == "module" for note in each.footnotes):
        assert plain_text(note.html) in plain_text(text), note.name
    test = edition.modules[real.certificate]
    assert not any(plain_text(question.vignette or question.prompt) in said for question in test.questions())


def test_a_printed_course_costs_few_statements(library: Flask, ana: Client) -> None:
    ana.get(f"{REAL}/print")  # the release is kept in memory from now on
    with statements(library) as said:
        ana.get(f"{REAL}/print")
    assert len(said) <= 4, said


def test_a_language_asked_for_is_printed(muestrario: Course, ana: Client) -> None:
    said = words(ana.get(f"{MUESTRARIO}/m-caja/print?lang=en"))
    assert "What the box holds" in said
    assert "impreso el" in said


def test_a_new_sheet_gets_a_code_and_the_same_code_the_same_sheet(library: Flask, ana: Client) -> None:
    first = ana.get(f"{UNO}/paper")
    assert first.status_code == 303
    path = first.headers["Location"]
    assert re.search(r"/m-uno/paper\?sheet=[0-9A-Z]{4}-[0-9A-Z]{4}$", path)
    assert ana.get(f"{UNO}/paper").headers["Location"] != path
    said = words(ana.get(path))
    assert said == words(signed_in(library, "beto-printing").get(path))
    code = CODE.findall(said)
    assert len(set(code)) == 1
    typed = path.partition("=")[2].replace("-", " ").lower()
    assert CODE.findall(words(ana.get(f"{UNO}/paper?sheet={typed}"))) == code
    assert CODE.findall(words(ana.get(f"{UNO}/paper?sheet={typed[:4]}"))) == code


def test_the_sheet_for_answers_has_a_place_for_every_answer(muestrario: Course, ana: Client) -> None:
    text = ana.get(f"{MUESTRARIO}/m-preguntas/paper?sheet=3F7K").get_data(as_text=True)
    rows = re.findall(r"<li>(.*?)</li>", text.partition('class="rows"')[2].partition("</ol>")[0], re.DOTALL)
    questions = list(muestrario.editions["es"].modules["m-preguntas"].questions())
    assert len(rows) == len(questions) == 12
    kinds = {question.kind: (row.count('"bubble"'), row.count('"box"'), row.count('class="line')) for row, question in zip(rows, questions, strict=True)}  # fmt: skip
    assert kinds == {
        "single": (3, 0, 0),
        "multiple": (3, 0, 0),
        "true-false": (2, 0, 0),
        "short": (0, 0, 1),
        "numeric": (0, 0, 1),
        "match": (0, 3, 0),
        "classify": (0, 4, 0),
        "order": (0, 4, 0),
        "blanks": (3, 0, 2),
    }
    for part in ("Nombre", "Fecha", "Grupo"):
        assert part in text


def test_the_key_has_the_letters_of_its_sheet(muestrario: Course, ana: Client, eva: Client) -> None:
    for sheet in ("3F7K", "XYZ0", "0000"):
        asked = ana.get(f"{MUESTRARIO}/m-preguntas/paper?sheet={sheet}").get_data(as_text=True)
        shown = {html: letter for letter, html in re.findall(r"<strong>([A-D])</strong><span>([^<]+)</span>", asked)}
        told = eva.get(f"{MUESTRARIO}/m-preguntas/key?sheet={sheet}")
        said = words(told)
        rows = re.findall(r'<tr><th scope="row">\d+</th><td[^>]*>(.*?)</td>', told.get_data(as_text=True))
        plain = [" ".join(plain_text(row).split()) for row in rows]
        assert plain[0] == shown["Las gasas"]
        assert plain[1] == ", ".join(
            sorted([shown["Un armario alto y seco"], shown["El pasillo, encima de un mueble"]])
        )
        order = ["Lavarse las manos", "Ponerse guantes", "Cubrir con la gasa", "Sujetar con la venda"]
        assert plain[10] == " ".join(f"{n} {shown[step]}" for n, step in enumerate(order, 1))
        for part in (
            "Sí: la fecha ya pasó.",
            "aunque la caja parezca nueva",
            "Para aprobar: al menos 12,6 de 21 puntos (60 %).",
            "Puntos por cada letra correcta: 1. Cada letra equivocada resta lo mismo, sin bajar de 0.",
            "Todo correcto: 3 puntos; si no, nada. Con un lugar vacío o una letra repetida no suma nada.",
            "Puntos por cada acierto: 2/3.",
            "En los otros idiomas del curso: gauze / a gauze",
            "de 9 a 11",
        ):
            assert part in said.replace("\xa0", " "), part


def test_the_key_of_an_old_sheet_is_found_after_an_edit(app: Flask, tmp_path: Path) -> None:
    ana, eva = signed_in(app, "ana"), signed_in(app, "eva", "learner", "author")
    path = ana.get(f"{UNO}/paper").headers["Location"]
    old = words(eva.get(path.replace("/paper", "/key")))
    before = words(ana.get(path))
    edited(app, tmp_path, **{"01": ("- [x] La letra A", "- [x] La letra A mayúscula")})
    assert words(eva.get(path.replace("/paper", "/key"))) == old
    assert words(eva.get(path)).replace("Eva", "Ana").partition("Hoja")[2][:40] == before.partition("Hoja")[2][:40]
    assert ana.get(path).status_code == 404
    assert "La letra A mayúscula" in words(eva.get(f"{UNO}/paper?sheet={path[-9:-5]}"))


@pytest.mark.parametrize("sheet", ["x", "3F7K-0000", "3F7K9", "ñ", "3F7KABCDE"])
def test_a_code_that_is_none_is_refused(eva: Client, ana: Client, sheet: str) -> None:
    for who, page in ((eva, "key"), (eva, "paper"), (ana, "paper")):
        answer = who.get(f"{UNO}/{page}?sheet={sheet}")
        assert answer.status_code == 404
        assert "Ninguna hoja de este módulo tiene ese código" in words(answer)


def test_the_key_asks_for_the_code_of_a_sheet(eva: Client) -> None:
    form = eva.form(f"{UNO}/key", "/key")
    assert (form.method, [name for name, _ in form.fields]) == ("get", ["sheet"])


def test_a_test_on_paper_is_drawn_for_the_staff(real: Course, eva: Client) -> None:
    test = real.editions["es"].modules[real.certificate]
    said = words(eva.get(f"{REAL}/{test.id}/paper?sheet=3F7K"))
    shown = [each for each in test.questions() if plain_text(each.prompt) in said]
    assert test.test
    assert len(shown) >= sum(test.test.draw.values())
    assert f"{sum(test.test.draw.values())} preguntas" in said
    key = words(eva.get(f"{REAL}/{test.id}/key?sheet=3F7K")).replace("\xa0", " ")
    assert f"({test.test.pass_mark} %)" in key


@pytest.mark.parametrize("role", ["learner", "author", "coordinator", "administrator"])
def test_who_may_print_what(library: Flask, real: Course, role: str) -> None:
    who, test = signed_in(library, f"{role}-printing", "learner", role), f"{REAL}/{real.certificate}"
    staff = role != "learner"
    for path, allowed in {
        f"{REAL}/print": True,
        f"{REAL}/m-que-es/print": True,
        f"{test}/print": True,
        f"{REAL}/m-que-es/paper?sheet=3F7K": True,
        f"{REAL}/m-que-es/key?sheet=3F7K": staff,
        f"{REAL}/m-que-es/key": staff,
        f"{test}/paper?sheet=3F7K": staff,
        f"{test}/paper": staff,
        f"{test}/key?sheet=3F7K": staff,
    }.items():
        assert (who.get(path).status_code in (200, 303)) is allowed, path
        if not allowed:
            assert who.get(path).status_code == 403
    linked = [link for page in (REAL, f"{REAL}/m-que-es", test) for link in re.findall(r'href="([^"]*/(?:print|paper|key))"', who.get(page).get_data(as_text=True))]  # fmt: skip
    learners = [f"{REAL}/print", f"{REAL}/m-que-es/print", f"{REAL}/m-que-es/paper", f"{test}/print"]
    staffs = [*learners[:3], f"{REAL}/m-que-es/key", f"{test}/print", f"{test}/paper", f"{test}/key"]
    assert linked == (staffs if staff else learners)


def test_a_course_for_the_enrolled_is_printed_for_them_and_the_staff(app: Flask, tmp_path: Path) -> None:
    ana, eva = signed_in(app, "ana"), signed_in(app, "eva", "learner", "coordinator")
    edited(app, tmp_path, course=("access: open", "access: enrolled"))
    for path in (f"{COURSE}/print", f"{UNO}/print", f"{UNO}/paper", f"{UNO}/paper?sheet=3F7K"):
        assert ana.get(path).status_code == 403, path
        assert eva.get(path).status_code in (200, 303), path
    assert f"{COURSE}/print" not in ana.get(COURSE).get_data(as_text=True)
    assert f"{COURSE}/print" in eva.get(COURSE).get_data(as_text=True)


def test_what_is_not_there_is_not_printed(ana: Client, eva: Client) -> None:
    for path in ("/courses/none/print", f"{COURSE}/none/print", f"{COURSE}/none/paper", "/courses/none/m-uno/paper"):
        assert ana.get(path).status_code == 404, path
    for page in ("paper", "key"):
        answer = eva.get(f"{COURSE}/m-dos/{page}?sheet=3F7K")
        assert answer.status_code == 404
        assert "no tiene preguntas para imprimir" in words(answer)
    assert f"{COURSE}/m-dos/paper" not in eva.get(f"{COURSE}/m-dos").get_data(as_text=True)


def test_without_javascript_the_page_says_how_to_print(ana: Client) -> None:
    text = ana.get(f"{UNO}/print").get_data(as_text=True)
    assert re.search(r"<button[^>]* data-print hidden>", text)
    assert "elija «Imprimir» en el menú de su navegador" in text
