"""Each command does what its help says."""

import json
import os
import re
import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from lms.cli import COMMANDS
from lms.cli.lifeline import PARENT
from lms.cli.serving import started
from lms.config import Settings
from lms.services.people.entrance import Entrance, WrongPassphrase
from lms.storage import people, reports, schema, second_factors
from lms.storage.database import Database
from lms.storage.reports import Report
from lms.storage.tables import audit
from tests.cli.conftest import GROUPS, SAMPLE, Lms
from tests.conftest import NOW


def log_in(username: str, passphrase: str) -> str:
    settings = Settings.load()
    database = Database(settings.url)
    try:
        entrance = Entrance(database, (settings.keys / "web.secret").read_bytes())
        return entrance.log_in(username=username, passphrase=passphrase, address="", now=NOW).username
    finally:
        database.close()


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help_with_an_example(lms: Lms, command: str) -> None:
    told = lms(command, "--help").output
    assert command in lms("--help").output
    for name in GROUPS.get(command, []):
        told += lms(command, name, "--help").output
    assert f"Example: lms {command}" in told


def test_an_unknown_command_is_told(lms: Lms) -> None:
    assert "No such command" in lms("nothing", code=2).output


def test_init_makes_an_instance_once(lms: Lms, instance: Path) -> None:
    lms("init")
    files = {path.name: path.read_bytes() for path in (instance / "keys").iterdir()}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (instance / "keys").iterdir()} == {0o600}
    assert stat.S_IMODE(instance.stat().st_mode) == 0o700
    lms("init")
    assert {path.name: path.read_bytes() for path in (instance / "keys").iterdir()} == files


def test_init_closes_an_instance_folder_that_others_could_read(lms: Lms, instance: Path) -> None:
    instance.mkdir(mode=0o755)
    (instance / "keys").mkdir(mode=0o755)
    lms("init")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (instance, *instance.iterdir())}
    assert {name: mode for name, mode in modes.items() if mode & 0o077} == {}
    assert modes.keys() >= {"instance", "keys", "vereda.sqlite"}


def test_an_instance_folder_of_somebody_else_is_told(lms: Lms, instance: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_mine(*_: object) -> None:
        raise PermissionError

    instance.mkdir(mode=0o755)
    monkeypatch.setattr(Path, "chmod", not_mine)
    assert "chmod 700" in lms("init", code=1).output


def test_init_goes_on_where_it_was_stopped(lms: Lms, instance: Path) -> None:
    lms("init")
    root = (instance / "keys/root.key").read_bytes()
    for path in (instance / "keys").iterdir():
        if path.name != "root.key":
            path.unlink()
    lms("init")
    assert (instance / "keys/root.key").read_bytes() == root
    lms("worker", "--once")


def test_keys_that_are_lost_or_a_secret_cut_short_are_told_in_a_sentence(lms: Lms, instance: Path) -> None:
    lms("init")
    (instance / "keys/web.secret").write_bytes(b"")
    assert "web.secret is missing or cut short" in lms("serve", code=1).output
    lms("init")
    (instance / "keys/store.key").unlink()
    for words in (["init"], ["serve"], ["worker", "--once"]):
        assert "The file store.key is missing or can't be used." in lms(*words, code=1).output


def test_what_serves_and_what_makes_certificates_keep_their_files_private(
    lms: Lms, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def look(*_: object) -> None:
        seen.append(os.umask(0o022))

    lms("init")
    os.umask(0o022)
    monkeypatch.setenv(PARENT, "")  # `serve` sets it: put back after the test
    monkeypatch.setattr("lms.cli.serve._keep_worker", lambda _over: None)
    monkeypatch.setattr("lms.cli.serve._serve", look)
    lms("serve")
    lms("worker", "--once")
    look()
    assert seen == [0o077, 0o077]


def test_a_program_that_can_not_start_says_why_in_a_sentence(
    lms: Lms, instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lms("init")
    (instance / "keys/web.secret").unlink()
    with pytest.raises(SystemExit, match=r"The file web\.secret is missing"):
        started()
    monkeypatch.setenv("LMS_PORT", "many")
    with pytest.raises(SystemExit, match="port: Write"):
        started()


def test_the_demonstration_prints_passphrases_that_work(lms: Lms) -> None:
    lines = [line.split() for line in lms("init", "--demo").output.splitlines() if line.startswith("  ")]
    assert [line[0] for line in lines] == ["ana", "carla", "diego", "eva"]
    for line in lines:
        assert log_in(line[0], " ".join(line[1:4])) == line[0]


def test_nobody_has_an_account_by_default(lms: Lms) -> None:
    lms("init")
    assert lms("users", "list").output == ""


def test_before_init_every_command_says_what_to_do(lms: Lms, instance: Path) -> None:
    instance.mkdir()
    for words in (["users", "list"], ["publish"], ["rebuild"], ["serve"], ["worker", "--once"], ["cohorts", "list"]):
        assert "lms init" in lms(*words, code=1).output


def test_a_database_that_can_not_be_opened_is_told_without_a_traceback(
    lms: Lms, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LMS_DATABASE_URL", f"sqlite:///{tmp_path}")
    assert "can't be opened: unable to open database file" in lms("users", "list", code=1).output
    monkeypatch.setenv("LMS_DATABASE_URL", "postgresql://127.0.0.1:1/none?connect_timeout=2")
    assert "Check the setting database_url" in lms("serve", code=1).output


def made_old(path: Path) -> None:
    """The database has the schema of the first version, and what it knew then of itself and its courses."""
    known = sqlite3.connect(":memory:")
    with closing(sqlite3.connect(path)) as now:
        now.backup(known)
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()
    old = Database(f"sqlite:///{path}")
    schema.upgrade(old, "0001")
    with closing(known), old.writing() as tx:
        for table in ("store", "releases", "courses", "media"):
            for row in known.execute(f"SELECT * FROM {table}"):
                tx.exec_driver_sql(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
    old.close()


def test_a_database_of_an_older_version_is_told_mended_and_gets_its_search_indexes(lms: Lms) -> None:
    lms("init")
    lms("publish")
    made_old(Path(Settings.load().url.removeprefix("sqlite:///")))
    database = Database(Settings.load().url)
    for words in (["publish"], ["serve"], ["users", "list"]):
        assert "The database is of another version: run `lms init` first." in lms(*words, code=1).output
    lms("init")
    assert "demo-course: unchanged" in lms("publish").output
    with database.reading() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM search").scalar() == 1
    database.close()


def test_a_person_is_added_listed_and_reset(lms: Lms) -> None:
    lms("init")
    added = lms("users", "add", "Carla", "--name", "Carla Méndez", "--role", "coordinator").output
    username, _, passphrase = added.strip().partition(": ")
    assert log_in(username, passphrase) == "carla"
    assert lms("users", "list").output.split() == ["carla", "coordinator,", "learner"]
    again = lms("users", "reset", "carla").output.strip().partition(": ")[2]
    with pytest.raises(WrongPassphrase):
        log_in("carla", passphrase)
    assert log_in("carla", again) == "carla"
    assert "There is nobody called" in lms("users", "reset", "nadie", code=1).output
    lms("users", "add", "jose\u0301")
    assert lms("users", "reset", " JOSÉ ").output.startswith("josé: ")
    assert "Somebody has this username" in lms("users", "add", "carla", code=1).output


def test_a_second_factor_is_told_and_removed_and_that_is_recorded(lms: Lms) -> None:
    lms("init")
    lms("users", "add", "carla", "--role", "coordinator")
    assert "has no second factor." in lms("users", "second-factor", "carla").output
    database = Database(Settings.load().url)
    with database.writing() as tx:
        person = people.by_username(tx, "carla")
        assert person
        second_factors.begin(tx, person.id, "sealed")
        second_factors.confirm(tx, person.id, now=datetime.now(UTC))
        second_factors.set_codes(tx, person.id, ["a", "b"])
    assert "has a second factor" in lms("users", "second-factor", "carla").output
    assert "any more" in lms("users", "second-factor", "CARLA", "--remove").output
    assert "has no second factor." in lms("users", "second-factor", "carla", "--remove").output
    with database.reading() as tx:
        assert second_factors.codes_left(tx, person.id) == 0
        rows = tx.execute(select(audit.c.act, audit.c.actor, audit.c.subject)).all()
    assert [tuple(row) for row in rows if "second" in row.act] == [("second-factor-removed", "", person.id)]
    database.close()
    assert "There is nobody called" in lms("users", "second-factor", "nadie", code=1).output


def test_a_course_is_published_once_and_a_broken_one_never(
    lms: Lms, instance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lms("init")
    assert "demo-course: published" in lms("publish").output
    assert "demo-course: unchanged" in lms("publish").output
    broken = Path(shutil.copytree(SAMPLE, tmp_path / "courses"))
    module = broken / "demo-course/es/01-uno.md"
    module.write_text(
        module.read_text("utf-8").replace("- [x] La letra A\n  > Correcto", "- [ ] La letra A\n  > Correcto"), "utf-8"
    )
    told = lms("publish", str(broken), code=1).output
    assert "demo-course: refused" in told
    assert "no-right" in told
    settings = Settings.load()
    with Database(settings.url).reading() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM releases").scalar() == 1
        assert (
            tx.exec_driver_sql("SELECT live FROM courses").scalar()
            == tx.exec_driver_sql("SELECT digest FROM releases").scalar()
        )
    assert "There is no course in" in lms("publish", str(tmp_path / "courses" / "demo-course" / "es"), code=1).output


def test_the_file_of_countries_is_published_with_the_courses(lms: Lms, tmp_path: Path) -> None:
    lms("init")
    courses = Path(shutil.copytree(SAMPLE, tmp_path / "courses"))
    file = courses / "countries.yml"
    file.write_text("format: 1\ncountries:\n  - code: CR\n", "utf-8")
    assert "countries.yml: can be published" in lms("publish", "--dry-run", str(courses)).output
    assert "countries.yml: published" in lms("publish", str(courses)).output
    assert "countries.yml: unchanged" in lms("publish", str(courses)).output
    file.write_text("format: 1\ncountries:\n  - code: CRI\n", "utf-8")
    told = lms("publish", str(courses), code=1).output
    assert "countries.yml:3: value: “code” is a country's code of two capital letters" in told
    assert "countries.yml: refused" in told
    assert "countries" not in lms("publish", str(courses / "demo-course")).output


def test_what_a_release_changes_is_told_before_and_when_it_is_published(
    lms: Lms, instance: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lms("init")
    lms("publish")
    courses = Path(shutil.copytree(SAMPLE, tmp_path / "courses"))
    quiz, rules = courses / "demo-course/es/01-uno.md", courses / "demo-course/course.yml"
    quiz.write_text(
        quiz.read_text("utf-8").replace("#q-a points", "#q-letra points").replace("Una nota con", "Nota con"), "utf-8"
    )
    told = lms("publish", str(courses), code=1).output
    assert "demo-course/course.yml:1: gone: “q-a” is gone" in told
    assert told.endswith("demo-course: refused\n")
    rules.write_text(rules.read_text("utf-8") + "renamed: {q-a: q-letra}\n", "utf-8")
    lines = ["  0 people are under way", "  q-a is now called q-letra", "  the text of 1 section changed"]
    lines += ["  Under review by specialists, and learners are told so: see `lms review`."]
    assert lms("publish", "--dry-run", str(courses)).output.splitlines() == ["demo-course: can be published", *lines]
    monkeypatch.setenv("LC_ALL", "es_ES.UTF-8")
    told = lms("publish", str(courses)).output
    assert told.splitlines() == [
        "demo-course: publicado",
        "  0 personas en curso",
        "  q-a se llama ahora q-letra",
        "  cambió el texto de 1 sección",
        "  En revisión por especialistas, y así se dice a quien aprende: vea `lms review`.",
    ]
    rules.write_text(rules.read_text("utf-8") + "\n", "utf-8")
    assert "nada cambia para esas personas" in lms("publish", str(courses)).output


def test_missing_ids_are_listed_and_written(lms: Lms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    courses = Path(shutil.copytree(SAMPLE, tmp_path / "courses"))
    monkeypatch.chdir(courses)
    quiz = courses / "demo-course/es/01-uno.md"
    quiz.write_text(quiz.read_text("utf-8").replace("#q-c\n", "\n"), "utf-8")
    listed = lms("ids", str(courses)).output.splitlines()
    assert "demo-course/es/01-uno.md:55: #q-la-a-es-la-primera-letra" in listed
    assert "demo-course/es/01-uno.md:58: {a}" in listed
    assert "demo-course/es/01-uno.md:36: {1}" in listed
    assert listed[-1] == "demo-course: 34 ids and keys are missing"
    assert "34 ids and keys written" in lms("ids", str(courses), "--write").output
    assert lms("ids", str(courses), "--write").output == "demo-course: 0 ids and keys are missing\n"
    assert "0 errors" in lms("check", str(courses)).output
    quiz.write_text(quiz.read_text("utf-8").replace("::: nota", "::: nata"), "utf-8")
    refused = lms("ids", str(courses), code=1).output
    assert "unknown-block" in refused
    assert "mend these first" in refused
    assert "There is no course in" in lms("ids", str(courses / "demo-course/es"), code=1).output


def two_courses(tmp_path: Path) -> Path:
    """The sample course and one after it."""
    root = Path(shutil.copytree(SAMPLE, tmp_path / "courses"))
    shutil.copytree(root / "demo-course", root / "otro-curso")
    rename(root / "otro-curso", "otro-curso", "0TR0")
    return root


def rename(course: Path, name: str, code: str) -> None:
    path = course / "course.yml"
    text = re.sub(r"(?m)^id: .*", f"id: {name}", path.read_text("utf-8"))
    path.write_text(re.sub(r"(?m)^code: .*", f"code: {code}", text), "utf-8")


def catalogue() -> list[tuple[str, int]]:
    with Database(Settings.load().url).reading() as tx:
        return [tuple(row) for row in tx.exec_driver_sql("SELECT id, position FROM courses ORDER BY position, id")]


def test_a_copied_course_that_keeps_its_id_is_refused_and_the_first_stays(lms: Lms, tmp_path: Path) -> None:
    lms("init")
    root = two_courses(tmp_path)
    rename(root / "otro-curso", "demo-course", "0TR0")
    told = lms("publish", str(root), code=1).output
    assert "otro-curso/course.yml:2: id-taken: The folder “demo-course” has the id “demo-course” too." in told
    assert "demo-course: published" in told
    assert "otro-curso: refused" in told
    told = lms("publish", str(root), code=1).output
    assert "demo-course: unchanged" in told
    assert "otro-curso: refused" in told
    rename(root / "otro-curso", "otro-curso", "D3M0")
    assert "code-taken" in lms("publish", str(root), code=1).output
    assert catalogue() == [("demo-course", 0)]


def test_a_course_published_alone_keeps_its_place_and_the_whole_folder_gives_each_its_own(
    lms: Lms, tmp_path: Path
) -> None:
    lms("init")
    root = two_courses(tmp_path)
    lms("publish", str(root))
    assert catalogue() == [("demo-course", 0), ("otro-curso", 1)]
    path = root / "otro-curso/course.yml"
    path.write_text(path.read_text("utf-8").replace('"1"', '"2"'), "utf-8")
    assert "otro-curso: published" in lms("publish", str(root / "otro-curso")).output
    assert catalogue() == [("demo-course", 0), ("otro-curso", 1)]
    shutil.copytree(root / "otro-curso", root / "aaa")
    rename(root / "aaa", "aaa", "AAA0")
    lms("publish", str(root / "aaa"))
    assert catalogue() == [("demo-course", 0), ("otro-curso", 1), ("aaa", 2)]
    assert lms("publish", str(root)).output.count("unchanged") == 3
    assert catalogue() == [("aaa", 0), ("demo-course", 1), ("otro-curso", 2)]


def test_courses_are_checked_in_the_readers_language(lms: Lms, tmp_path: Path) -> None:
    assert lms("check").output.splitlines()[-1] == "1 course checked: 0 errors, 3 warnings"
    broken = Path(shutil.copytree(SAMPLE / "demo-course", tmp_path / "roto"))
    module = broken / "es/02-dos.md"
    module.write_text(module.read_text("utf-8") + "\n::: nata\nx\n:::\n", "utf-8")
    told = [line for line in lms("check", str(broken), code=1).output.splitlines() if "unknown-block" in line]
    assert told[0].startswith(f"{broken}/es/02-dos.md:")
    assert "unknown-block: There is no block called “nata”. Did you mean “nota”?" in told[0]
    spanish = lms("check", str(broken), "--lang", "es", code=1).output
    assert "unknown-block: No hay ningún bloque llamado «nata». ¿Quiso decir «nota»?" in spanish
    found = json.loads(lms("check", str(broken), "--format", "json", code=1).output)
    assert {tuple(sorted(each)) for each in found} == {("code", "file", "line", "message", "severity")}
    assert "There is no course in" in lms("check", str(broken / "es"), code=1).output


def test_a_cohort_is_added_and_listed(lms: Lms) -> None:
    lms("init")
    lms("publish")
    added = lms("cohorts", "add", "Consulados", "--course", "demo-course", "--cap", "5").output
    code = added.split("code ")[1].split(",")[0]
    assert f"page /join/{code}" in added
    listed = lms("cohorts", "list").output
    assert code in listed
    assert "0/5" in listed
    assert "No course “no-hay” is published here." in lms("cohorts", "add", "x", "--course", "no-hay", code=1).output


def test_people_are_imported_and_exported(lms: Lms, tmp_path: Path) -> None:
    lms("init")
    lms("publish")
    added = lms("cohorts", "add", "Consulados", "--course", "demo-course", "--cap", "5").output
    code = added.split("code ")[1].split(",")[0]
    file = tmp_path / "people.csv"
    file.write_text("usuario,nombre,pais,color\nrosa,Rosa,Honduras,red\nzoe,Zoé,,\nx,,,\n", "utf-8")
    words = ("people", "import", str(file), "--cohort", code)
    looked = lms(*words, "--dry-run").output
    assert "new  rosa  Rosa" in looked and "2 new, 0 changed, 0 the same." in looked
    assert "row 4: x: A username has 3 to 40" in looked and "color" in looked
    assert lms("users", "list").output == ""
    given = dict(line.split(": ") for line in lms(*words).stdout.splitlines())
    assert given.keys() == {"rosa", "zoe"}
    assert [log_in(username, passphrase) for username, passphrase in given.items()] == ["rosa", "zoe"]
    listed = lms("people", "export", "--cohort", code).stdout_bytes
    file.write_bytes(listed)
    again = lms("people", "import", str(file), "--cohort", code)
    assert again.stdout == "" and "0 new, 0 changed, 2 the same." in again.output
    file.write_text("usuario,institucion\nrosa,Cruz Verde\n", "utf-8")
    assert "changed  rosa  Rosa  Institution: – → Cruz Verde" in lms("people", "import", str(file), "--dry-run").output
    assert lms("people", "export").stdout_bytes == listed
    assert "No cohort has this code" in lms(*words[:3], "--cohort", "nada", code=1).output
    file.write_text("hola\n", "utf-8")
    assert "has to name the columns" in lms(*words, code=1).output


def test_reported_errors_are_listed(lms: Lms, monkeypatch: pytest.MonkeyPatch) -> None:
    lms("init")
    assert lms("reports").output == "0 open reports\n"
    values = {"release": "", "language": "es", "kind": "harm", "made_on": date(2026, 11, 24)}
    module = {"course": "a", "module": "m-uno", "anchor": "s", "page": "/courses/a/m-uno"}
    nowhere = {"course": "", "module": "", "anchor": "", "page": ""}
    with Database(Settings.load().url).writing() as tx:
        reports.keep(tx, Report(id="1", body="Está mal.\n\nMuy mal.", **values, **module))  # type: ignore[arg-type]
        reports.keep(tx, Report(id="2", body="Otro.", done=True, **values, **module))  # type: ignore[arg-type]
        reports.keep(tx, Report(id="3", body="Fuera.", **values, **nowhere))  # type: ignore[arg-type]
    assert lms("reports", "--course", "a").output.splitlines() == [
        "a m-uno /courses/a/m-uno#s",
        "  2026-11-24 · es · It may hurt or endanger somebody",
        "    Está mal.",
        "",
        "    Muy mal.",
        "",
        "1 open report",
    ]
    monkeypatch.setenv("LC_ALL", "es_GT.UTF-8")
    told = lms("reports", "--all").output
    assert "  2026-11-24 · es · Puede hacer daño o poner en riesgo a alguien · resuelto\n    Otro." in told
    assert "página desconocida\n" in told
    assert told.endswith("3 avisos\n")


def test_progress_is_rebuilt_and_checked(lms: Lms) -> None:
    lms("init")
    assert "All progress agrees" in lms("rebuild", "--check").output
    assert "0 progress rows" in lms("rebuild").output
    with Database(Settings.load().url).writing() as tx:
        tx.exec_driver_sql("INSERT INTO progress (learner, course, body) VALUES ('x', 'y', '{}')")
    assert "progress x y: does not agree" in lms("rebuild", "--check", code=1).output


def test_the_clock_is_told_and_confirmed(lms: Lms) -> None:
    lms("init")
    with time_machine.travel("2027-01-02 12:00Z"):
        assert "The clock says 2027-01-02 12:00 UTC: certificates are made." in lms("clock").output
    with time_machine.travel("2099-01-02 12:00Z"):
        lms("users", "add", "carla")
    with time_machine.travel("2027-01-03 12:00Z"):
        told = lms("clock", code=1).output
        assert "it can't be earlier than 2099-01-02 12:00 UTC" in told
        assert "certificates are made" in lms("clock", "--confirm").output
        assert "certificates are made" in lms("clock").output
    with time_machine.travel("1970-01-02 12:00Z"):
        assert "it can't be earlier than 2027-01-03" in lms("clock", code=1).output
        assert "a day before this program was made" in lms("clock", "--confirm", code=1).output
        assert "it can't be earlier than 2027-01-03" in lms("clock", code=1).output


def test_a_bad_setting_stops_the_start(lms: Lms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMS_PORT", "many")
    assert "port: Write a whole number from 1 to 65535." in lms("init", code=1).output


def test_the_worker_makes_what_waits_and_ends(lms: Lms) -> None:
    lms("init")
    lms("worker", "--once")


def test_the_worker_once_makes_all_that_waits(lms: Lms, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = [f"number {n}" for n in range(65)]

    def finish(*_: object, number: str, **__: object) -> object:
        if int(number[7:]) < 25:
            raise RuntimeError("broken")
        waiting.remove(number)
        return True

    lms("init")
    monkeypatch.setattr("lms.storage.certificates.pending", lambda _tx: list(waiting))
    monkeypatch.setattr("lms.services.certifying.issuing.finish", finish)
    lms("worker", "--once")
    assert waiting == [f"number {n}" for n in range(25)]


def test_a_file_that_is_no_certificate_is_not_genuine(lms: Lms, tmp_path: Path) -> None:
    lms("init")
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7")
    told = lms("verify", str(tmp_path / "x.pdf"), code=1).output
    assert "NOT a genuine certificate" in told
    found = json.loads(lms("verify", str(tmp_path / "x.pdf"), "--json", code=1).output)
    assert found["outcome"] == "invalid"
    (tmp_path / "root.pem").write_text("nothing", "utf-8")
    assert (
        "A root is a certificate"
        in lms("verify", str(tmp_path / "x.pdf"), "--root", str(tmp_path / "root.pem"), code=2).output
    )
