"""`lms import zip` makes a draft with a report, or keeps nothing; what learners get stays as it is."""

import hashlib
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from lms.config import Settings
from lms.content.archive import unpack_apart
from lms.content.course import load
from lms.services.studying import drafts as importing
from lms.storage.database import Database
from tests.cli.conftest import SAMPLE, Lms
from tests.content.archives import COURSE_TRICKS, HOSTILE, tricky
from tests.content.zipping import GOOD, Part, archive, course, part, with_

SOURCE = SAMPLE / "demo-course"
READ = load(SOURCE)[0]
assert READ
FILES = len([path for path in SOURCE.rglob("*") if path.is_file()])
LANGUAGES = ", ".join(sorted(READ.editions))
MODULES = len(READ.edition(READ.source).modules)
QUESTIONS = sum(len(list(each.questions())) for each in READ.edition(READ.source).modules.values())
GOOD_NAME = f"demo-course-{hashlib.sha256(GOOD['without one']).hexdigest()[:12]}"


@pytest.fixture
def ready(lms: Lms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lms:
    """An installation, seen from the folder that it lies in."""
    lms("init")
    monkeypatch.chdir(tmp_path)
    return lms


@pytest.fixture
def spanish(ready: Lms, monkeypatch: pytest.MonkeyPatch) -> Lms:
    monkeypatch.setenv("LC_ALL", "es_GT.UTF-8")
    return ready


def packed(raw: bytes, name: str = "course.zip") -> str:
    Path(name).write_bytes(raw)
    return name


def kept() -> list[str]:
    """What lies in the folder of drafts."""
    return sorted(path.name for path in Path("instance/drafts").iterdir())


def told_of_courses() -> list[tuple[object, ...]]:
    """Every row of the tables that publishing writes."""
    database = Database(Settings.load().url)
    try:
        with database.reading() as tx:
            return [
                tuple(row)
                for table in ("releases", "courses", "media", "events")
                for row in tx.exec_driver_sql(f"SELECT * FROM {table}")
            ]
    finally:
        database.close()


def with_title(title: str) -> bytes:
    return archive(edited("es/course.md", b"title: Curso de muestra", f"title: {title}".encode()))


def edited(name: str, old: bytes, new: bytes) -> list[Part]:
    parts = course()
    return [
        replace(each, data=each.data.replace(old, new)) if each.name.endswith(name.encode()) else each for each in parts
    ]


def test_a_good_archive_becomes_a_draft_and_the_report_says_how_to_go_on(ready: Lms) -> None:
    told = ready("import", "zip", packed(GOOD["without one"])).output
    folder = f"instance/drafts/{GOOD_NAME}"
    assert told.splitlines() == [
        f"Draft: {folder}",
        f"{FILES} files · languages: {LANGUAGES} · {MODULES} modules · {QUESTIONS} questions · 0 errors · 0 warnings",
        "Nothing is published. To go on:",
        f"  lms check {folder}",
        f"  lms publish {folder}",
    ]
    assert kept() == [GOOD_NAME]
    files = {path.relative_to(folder).as_posix() for path in Path(folder).rglob("*") if path.is_file()}
    assert files == {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*") if path.is_file()}


def test_the_report_is_in_spanish(spanish: Lms) -> None:
    told = spanish("import", "zip", packed(GOOD["by a Mac"]), code=1).output
    assert told.startswith("Borrador: instance/drafts/demo-course-")
    assert "not-listed: El módulo «m-x» no está en la lista «modules»" in told
    assert f"{FILES + 1} archivos · idiomas: {LANGUAGES} · 1 error · 0 advertencias\n" in told
    assert "Se omitió: demo-course/.DS_Store, __MACOSX/demo-course/._course.yml\n" in told
    assert "El borrador tiene errores." in told
    assert "No se ha publicado nada. Para continuar:\n  lms check instance/drafts/demo-course-" in told
    refused = spanish("import", "zip", packed(with_(part("../x.md"))), code=1).output
    assert refused.startswith("Error: course.zip se rechaza y no se guarda nada: traversal: «../x.md» lleva fuera")


def test_the_commands_of_the_report_work(ready: Lms) -> None:
    *_, check, publish = ready("import", "zip", packed(GOOD["by Windows"])).output.splitlines()
    assert "0 errors" in ready(*check.split()[1:]).output
    assert "published" in ready(*publish.split()[1:]).output


def test_importing_leaves_what_learners_get_untouched(ready: Lms) -> None:
    assert told_of_courses() == []
    ready("publish")
    before = told_of_courses()
    assert before
    ready("import", "zip", packed(GOOD["with a top folder"]))
    ready("import", "zip", packed(with_title("Otro")))
    ready("import", "zip", packed(tricky("raw HTML")), code=1)
    ready("import", "zip", packed(HOSTILE["shape: one byte after it"][1]()), code=1)
    assert told_of_courses() == before
    assert "unchanged" in ready("publish").output


def test_the_same_archive_twice_is_there_already_with_what_its_author_has_changed(ready: Lms) -> None:
    ready("import", "zip", packed(GOOD["without one"]))
    mended = Path("instance/drafts") / GOOD_NAME / "es/02-dos.md"
    mended.write_text(mended.read_text("utf-8") + "\n::: nata\nx\n:::\n", "utf-8")
    told = ready("import", "zip", packed(GOOD["without one"], "otro-nombre.zip"), code=1).output
    assert told.startswith(
        f"This archive was imported before; its draft is there and was left as it is: instance/drafts/{GOOD_NAME}\n"
    )
    assert "unknown-block" in told
    assert kept() == [GOOD_NAME]
    assert "nata" in mended.read_text("utf-8")


@pytest.mark.parametrize("name", ["raw HTML", "a scripted SVG", "a YAML tag", "an id that leads out"])
def test_a_draft_with_errors_is_kept_and_told(ready: Lms, name: str) -> None:
    told = ready("import", "zip", packed(tricky(name)), code=1).output
    (folder,) = kept()
    assert folder.startswith("course-" if name in ("a YAML tag", "an id that leads out") else "demo-course-")
    assert f": {COURSE_TRICKS[name][1]}: " in told
    assert told.count("file-content") == (name == "a scripted SVG")
    assert "The draft has errors. It can be published once they are mended in its folder." in told
    assert told.endswith(f"  lms publish instance/drafts/{folder}\n")
    assert "refused" in ready("publish", f"instance/drafts/{folder}", code=1).output


@pytest.mark.parametrize(
    "name",
    ["name: traversal 0 '../evil.md'", "kind: a link to /etc/passwd by Unix", "overlap: 900 records for one file", "bomb: 150 MB of nothing", "bomb: 51 MB", "shape: text", "data: cut short", "nested: tar as es/x.md", "name: no course at all"],
)  # fmt: skip
def test_of_an_archive_that_is_refused_nothing_is_kept(ready: Lms, name: str, tmp_path: Path) -> None:
    code, make = HOSTILE[name]
    archive_name = packed(make())
    before = sorted(path for path in tmp_path.rglob("*") if "vereda.sqlite" not in path.name)
    told = ready("import", "zip", archive_name, code=1).output
    assert told.startswith(f"Error: course.zip is refused and nothing is kept: {code}: ")
    assert kept() == []
    after = sorted(path for path in tmp_path.rglob("*") if "vereda.sqlite" not in path.name)
    assert [path for path in after if path != tmp_path / "instance/drafts"] == before


def test_a_name_can_not_speak_to_the_terminal(ready: Lms) -> None:
    told = ready("import", "zip", packed(with_(part("demo-course/es/\x1b]0;x\x07\u202e.md"))), code=1).output
    assert "demo-course/es/\\u001b]0;x\\u0007\\u202e.md" in told


def test_the_id_of_a_course_from_elsewhere_is_a_warning(ready: Lms) -> None:
    ready("publish")
    warning = "Warning: publishing this draft replaces the course “Curso de muestra”, which has the same id.\n"
    assert warning in ready("import", "zip", packed(with_title("Otro"))).output
    assert warning in ready("import", "zip", packed(tricky("raw HTML")), code=1).output
    assert warning in ready("import", "zip", packed(with_title("Otro"))).output
    same = ready("import", "zip", packed(GOOD["with a top folder"])).output
    assert "Warning" not in same


def test_a_doubtful_picture_that_no_page_shows_is_a_warning(ready: Lms) -> None:
    evil = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    told = ready("import", "zip", packed(with_(part("demo-course/media/x.svg", evil)))).output
    assert "/media/x.svg:1: file-content: No page shows “x.svg”, and it is not a plain picture. Delete it." in told
    assert "0 errors · 1 warning" in told


def test_what_a_killed_import_left_behind_is_cleared_and_what_runs_is_not(ready: Lms) -> None:
    for name in (".incoming-old", ".incoming-new"):
        Path("instance/drafts", name, "course").mkdir(parents=True)
    os.utime("instance/drafts/.incoming-old", (0, 0))
    ready("import", "zip", packed(GOOD["stored"]))
    assert [name for name in kept() if name.startswith(".")] == [".incoming-new"]


def test_two_imports_of_one_archive_at_once_make_one_draft(ready: Lms, monkeypatch: pytest.MonkeyPatch) -> None:
    def slower(source: Path, folder: Path) -> object:
        made = unpack_apart(source, folder)
        shutil.copytree(folder, Path("instance/drafts") / GOOD_NAME)
        return made

    monkeypatch.setattr(importing, "unpack_apart", slower)
    assert "was imported before" in ready("import", "zip", packed(GOOD["without one"])).output
    assert kept() == [GOOD_NAME]


@pytest.mark.parametrize("step", ["_copy", "_keep"])
def test_a_full_disk_keeps_nothing(ready: Lms, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(importing, step, full)
    told = ready("import", "zip", packed(GOOD["stored"]), code=1).output
    assert "disk: The draft can't be written: No space left on device." in told
    assert kept() == []


def test_what_is_no_file_is_told(ready: Lms) -> None:
    os.mkfifo("fifo")
    assert "not-file" in ready("import", "zip", "fifo", code=1).output
    assert "does not exist" in ready("import", "zip", "nothing.zip", code=2).output
    assert "is a directory" in ready("import", "zip", "instance", code=2).output


def test_drafts_are_for_their_owner_alone(ready: Lms) -> None:
    ready("import", "zip", packed(GOOD["stored"]))
    assert Path("instance/drafts").stat().st_mode & 0o077 == 0


def test_before_init_the_command_says_what_to_do(lms: Lms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "lms init" in lms("import", "zip", packed(GOOD["stored"]), code=1).output


def test_from_another_folder_the_whole_path_is_told(
    ready: Lms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / packed(GOOD["stored"])
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    told = ready("import", "zip", str(source)).output
    assert told.startswith(f"Draft: {tmp_path}/instance/drafts/demo-course-")
