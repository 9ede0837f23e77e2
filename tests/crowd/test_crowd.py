"""People by the hundred through every step: imported, joined, let back in, at work, linked, erased. Whatever counts them is right at each step,
and of whoever was erased nothing is left anywhere.

300 under `make audit PART=crowd`; otherwise 30, and 20 on PostgreSQL."""

import csv
import io
import json
import re
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select

from lms.config import Periods
from lms.i18n import Reader
from lms.ids import uuid7
from lms.learning import events as types
from lms.learning.events import decode
from lms.learning.grading import right_answer
from lms.learning.roster import COLUMNS, Filters, chosen
from lms.services.certifying import amending
from lms.services.groups import cohorts as groups
from lms.services.people import accounts, erasing, linking
from lms.services.people.consent import VERSION
from lms.services.reporting import indicators, overview, rosters
from lms.services.running import retention
from lms.services.running.rebuild import differences, rebuild
from lms.services.studying import testing
from lms.services.studying.acts import Deed, write
from lms.services.studying.desk import Where
from lms.storage import audit, certificates, cohorts, drafts, event_log, preferences, roll
from lms.storage import people as accounts_of
from lms.storage.cohorts import Cohort
from lms.storage.tables import bookmarks, certificate_files, metadata, notes
from lms.storage.tables import certificates as held_certificates
from lms.web.frame.paging import SHOWN
from tests.crowd.conftest import Place
from tests.web.client import Client, words
from tests.web.conftest import signed_in, site_of
from tests.web.test_fresh import PASSPHRASE, confirm, with_passphrase
from tests.web.test_members import imported, upload

COURSE = "demo-course"
OWN = (
    "usuario", "Nombre", "ID", "institucion", "telefono", "nota", "borrador", "respuesta", "marca", "cuarentena", "antes", "motivo",
)  # fmt: skip
"""Of each person a word that nobody else has: username, name, number, institution, telephone, a note, a draft, what she wrote for an answer,
the place of a bookmark, a line that was not taken, her name before she corrected it, what somebody wrote about her certificate."""


def own(number: int, what: str) -> str:
    return f"cnr{number:03}{what}"


@dataclass
class Somebody:
    """One of them, and what is to be counted of her."""

    number: int
    id: str = ""
    begun: bool = False
    complete: bool = False
    erased: bool = False
    same_as: "Somebody | None" = None

    @property
    def username(self) -> str:
        return own(self.number, "usuario")

    @property
    def stands_for(self) -> int:
        return self.same_as.number if self.same_as else self.number


@dataclass
class Crowd:
    """All of them, in a group that Carla looks after."""

    place: Place
    carla: Client
    eva: Client
    group: Cohort
    all: list[Somebody] = field(default_factory=list)
    gone_certificates: int = 0
    """Of people who were erased: nobody's, and issued all the same."""

    @property
    def n(self) -> int:
        """How many they are at most."""
        return self.place.n

    @property
    def part(self) -> int:
        """A tenth of them."""
        return self.n // 10

    @property
    def here(self) -> list[Somebody]:
        return [each for each in self.all if not each.erased]

    def pass_(self, **time: float) -> None:
        """Time goes by, and the staff signs in again."""
        self.place.clock.pass_(**time)
        for each in (self.carla, self.eva):
            assert each.person
            token = site_of(self.place.app).entrance.open_session(each.person, now=self.place.clock())
            each.browser.set_cookie("s", token)

    def know(self) -> None:
        """Who has which id."""
        with self.place.database.reading() as tx:
            ids = {each.username: each.id for each in accounts_of.everyone(tx)}
        for each in self.here:
            each.id = ids[each.username]

    def check(self, step: str) -> None:
        """Whatever counts them counts right."""
        site = site_of(self.place.app)
        zone = ZoneInfo(site.settings.timezone)
        reader = Reader("en", zone)
        done = [each for each in self.here if each.complete]
        heads = {each.stands_for for each in done}
        assert self.carla.person and self.eva.person
        with self.place.database.reading() as tx:
            live = site.desk.catalogue.live(tx, COURSE)
            assert live
            inside = roll.of_cohort(tx, self.group.id)
            assert sorted(each.username for each in inside) == sorted(each.username for each in self.here), step
            seen = overview.overview(
                tx, site.desk.catalogue, live, cohort=self.group.id, language="es", now=site.clock()
            )
            begun = sum(each.begun or each.complete for each in self.here)
            states = {
                "all": len(self.here), "completed": len(done), "certified": len(done),
                "begun": begun - len(done), "waiting": len(self.here) - begun,
            }  # fmt: skip
            figures = (len(seen.rows), seen.complete, len(seen.rows) - seen.unbegun)
            assert figures == (len(self.here), len(done), begun), step
            desk = rosters.Desk(database=site.database, catalogue=site.desk.catalogue, reader=reader, program="Vereda")
            for staff in (self.carla.person, self.eva.person):
                for state, wanted in states.items():
                    asked = desk.ask(
                        tx, Filters.read({"state": state}), chosen(list(COLUMNS)), staff=staff, now=site.clock()
                    )
                    assert asked.count(tx) == wanted, (step, state)
            for staff, more in ((self.carla.person, 0), (self.eva.person, self.gone_certificates)):
                report = indicators.report(
                    tx,
                    scope=indicators.scope_of(tx, staff, ""),
                    filters=indicators.read({}, courses=frozenset(), countries=frozenset(), today=date(2026, 11, 24)),
                    courses=[live.course],
                    zone=zone,
                    now=site.clock(),
                )
                total = report.figures.total
                assert (total.people, total.certificates) == (len(heads), len(heads) + more), (step, staff.username)
            assert differences(tx, site.desk.catalogue) == [], step
        self.check_pages(step)

    def check_pages(self, step: str) -> None:
        """The pages name those who are here, and nobody else."""
        for page in ("/people", ""):
            path, named = f"/staff/cohorts/{self.group.id}{page}", set[int]()
            for number in range(1, 2 + self.n // SHOWN):
                told = self.carla.get(f"{path}?number={number}").get_data(as_text=True)
                named |= {int(each) for each in re.findall(r"[Cc]nr(\d{3})(?:Nombre|antes)", told)}
            assert named == {each.number for each in self.here}, (step, page)


@pytest.fixture
def crowd(place: Place) -> Crowd:
    site = site_of(place.app)
    carla, eva = signed_in(place.app, "carla", "coordinator"), signed_in(place.app, "eva", "administrator")
    assert carla.person
    with site.database.writing() as tx:
        made = groups.create(tx, site.pen, name="Norte", courses=[COURSE], cap=2 * place.n, days=900, now=site.clock())
        cohorts.assign(tx, made.id, carla.person.id)
    return Crowd(place, carla, eva, made)


def row(number: int) -> list[str]:
    facts = [own(number, each) for each in ("usuario", "antes", "ID", "institucion", "telefono")]
    return [*facts[:3], facts[3], "Salud", "HN", facts[4]]


def listed(numbers: range) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["usuario", "nombre", "id", "institución", "tipo", "país", "teléfono"])
    writer.writerows(row(each) for each in numbers)
    return out.getvalue()


def import_them(crowd: Crowd) -> None:
    """Nine of ten come by a list; the same list again would change nothing."""
    numbers = range(crowd.n - crowd.part)
    answer = imported(crowd.carla, crowd.group, listed(numbers))
    told = words(crowd.carla.get(answer.headers["Location"]))
    assert f"nuevas {len(numbers)}, cambiadas 0, sin cambios 0" in told
    told = words(upload(crowd.carla, crowd.group, listed(numbers)))
    assert f"Nuevas 0 Cambian 0 Sin cambios {len(numbers)}" in told
    crowd.all = [Somebody(each) for each in numbers]
    crowd.know()


def join_them(crowd: Crowd) -> None:
    """One of ten comes by the group's code, on her own phone."""
    for number in range(crowd.n - crowd.part, crowd.n):
        client = Client(crowd.place.app)
        client.get(f"/join/{crowd.group.code}")
        form = client.form("/register", "/register")
        names = {"username": own(number, "usuario"), "display_name": own(number, "antes")}
        answer = client.send(form, **names, passphrase=PASSPHRASE, consent="yes")
        assert answer.status_code == 200, words(answer)
        crowd.all.append(Somebody(number))
        crowd.pass_(minutes=1)
    crowd.know()


def let_back_in(crowd: Crowd, who: list[Somebody]) -> None:
    """Each gets a code from Carla, once, and comes in with it."""
    with_passphrase(crowd.place.app, crowd.carla)
    for each in who:
        confirm(crowd.carla)
        shown = crowd.carla.send(crowd.carla.form(f"/staff/people/{each.id}", "/reset")).get_data(as_text=True)
        found = re.search(r'class="code-box">([^<]+)<', shown)
        assert found, words(crowd.carla.get(f"/staff/people/{each.id}"))
        client = Client(crowd.place.app)
        values = {"username": each.username, "code": found[1], "passphrase": PASSPHRASE}
        assert client.send(client.form("/recover", "/recover"), **values).status_code == 200
        again = Client(crowd.place.app)
        assert again.send(again.form("/recover", "/recover"), **values).status_code >= 400, "a code works once"
        crowd.pass_(minutes=1)


def at_work(crowd: Crowd, who: list[Somebody], *, complete: bool) -> None:
    """They do the course, or a part of it."""
    site = site_of(crowd.place.app)
    for each in who:
        with site.database.writing() as tx:
            live = site.desk.catalogue.live(tx, COURSE)
            person = accounts_of.by_id(tx, each.id)
            assert live and person
            preferences.change(tx, each.id, consent=VERSION)
            accounts.change_profile(
                tx, site.pen, person=person, display_name=own(each.number, "Nombre"), language=None, now=site.clock()
            )
            edition = live.course.editions["es"]
            uno = {q.id: right_answer(q) for q in edition.modules["m-uno"].questions()}
            written = {**uno, "q-x": own(each.number, "respuesta")}
            _do(crowd, tx, each, "m-uno", types.ATTEMPT_SUBMITTED, {"answers": written, "language": "es"})
            _do(crowd, tx, each, "m-dos", types.MODULE_COMPLETED, {})
            if complete:
                _do(crowd, tx, each, "m-uno", types.MODULE_COMPLETED, {})
                where = _at(each, "m-prueba")
                attempt = testing.open_attempt(tx, site.desk, where, now=site.clock())
                seat = testing.sitting(tx, site.desk, learner=each.id, attempt=attempt, language="es")
                sheet = {q.id: right_answer(q) for q in seat.questions}
                _do(crowd, tx, each, "m-prueba", types.ATTEMPT_SUBMITTED, {"attempt": attempt, "answers": sheet})
        each.begun, each.complete = True, complete
    assert crowd.place.work() == (len(who) if complete else 0)


def _do(crowd: Crowd, tx, who: Somebody, module: str, kind: str, data: dict[str, object]) -> None:  # type: ignore[no-untyped-def]
    site = site_of(crowd.place.app)
    live = site.desk.catalogue.live(tx, COURSE)
    assert live
    write(tx, site.desk, _at(who, module), Deed(type=kind, data=data, release=live), now=site.clock())


def _at(who: Somebody, module: str) -> Where:
    return Where(learner=who.id, course=COURSE, module=module, release="", event=None, language="es")


def leave_traces(crowd: Crowd, who: list[Somebody]) -> None:
    """Each leaves something of hers wherever something can be."""
    site, now = site_of(crowd.place.app), site_of(crowd.place.app).clock()
    for each in who:
        with site.database.writing() as tx:
            here = {"learner": each.id, "course": COURSE, "module": "m-uno"}
            times = {"made_at": now, "changed_at": now}
            tx.execute(insert(notes).values(id=uuid7(), anchor="", body=own(each.number, "nota"), **here, **times))
            mark = {**here, "anchor": own(each.number, "marca"), "made_at": now}
            tx.execute(insert(bookmarks).values(**mark))
            drafts.save(tx, each.id, f"{COURSE}/m-uno/q-a", {"q": own(each.number, "borrador")}, now=now)
            line = next(iter(event_log.all_of(tx, each.id)))
            other = {**json.loads(line.raw), "data": {"text": own(each.number, "cuarentena")}}
            raw = json.dumps(other).encode()
            assert event_log.append(tx, raw, decode(raw), now=now, via="file") == "quarantined"
            for held in certificates.of_learner(tx, each.id):
                assert crowd.carla.person
                why = amending.Why(by=crowd.carla.person.id, reason="error", note=own(each.number, "motivo"))
                amending.issue_anew(
                    tx, site.pen, site.settings, number=held.number, name=held.credential.name, why=why, now=now
                )
    assert crowd.place.work() == sum(each.complete for each in who)


def link(crowd: Crowd, one: Somebody, other: Somebody) -> None:
    site = site_of(crowd.place.app)
    with site.database.writing() as tx:
        linking.link(tx, site.pen, person=one.id, same_as=other.id, by="", now=site.clock())
    one.same_as = other


def erase(crowd: Crowd, who: Somebody) -> None:
    """Somebody of the command line erases her."""
    site = site_of(crowd.place.app)
    with site.database.writing() as tx:
        held = [each for each in certificates.of_learner(tx, who.id) if each.issued]
        erasing.erase(tx, site.pen, person=who.id, by="", now=site.clock())
    crowd.gone_certificates += sum(each.stands for each in held)
    who.erased = True


def erase_herself(crowd: Crowd, who: Somebody) -> None:
    """She signs in and erases herself."""
    with crowd.place.database.reading() as tx:
        crowd.gone_certificates += sum(each.stands for each in certificates.of_learner(tx, who.id))
    client = Client(crowd.place.app)
    form = client.form("/login", "/login")
    assert client.send(form, username=who.username, passphrase=PASSPHRASE).status_code == 303
    client.send(client.form("/me/access", "/me/access")) if client.get("/me/access").status_code == 200 else None
    confirm(client, "/me/data")
    answer = client.send(client.form("/me/data", "/me/data/erase"), sure="yes")
    assert answer.headers["Location"] == "/erased", words(answer)
    who.erased = True
    crowd.pass_(minutes=1)


def test_counted_at_every_step_and_nothing_is_left_of_whoever_was_erased(crowd: Crowd) -> None:
    place, site = crowd.place, site_of(crowd.place.app)
    crowd.check("a group without people")
    import_them(crowd)
    crowd.check("imported")
    join_them(crowd)
    crowd.check("joined by the code")
    done, begun, back = (
        crowd.all[: 4 * crowd.part],
        crowd.all[4 * crowd.part : 6 * crowd.part],
        crowd.all[3 * crowd.part : 5 * crowd.part],
    )
    let_back_in(crowd, back)
    crowd.check("let back in")
    at_work(crowd, done, complete=True)
    at_work(crowd, begun, complete=False)
    crowd.check("at work")
    leave_traces(crowd, done + begun)
    crowd.check("certificates replaced")
    for one, other in zip(done[: crowd.part], done[crowd.part : 2 * crowd.part], strict=True):
        link(crowd, one, other)
    crowd.check("linked")
    head, third = done[crowd.part], begun[-1]
    link(crowd, third, head)
    at_work(crowd, [third], complete=True)
    crowd.check("three of one")
    with site.database.writing() as tx:
        linking.unlink(tx, site.pen, person=done[1].id, by="", now=site.clock())
    done[1].same_as = None
    crowd.check("one unlinked")

    upload(crowd.carla, crowd.group, listed(range(crowd.n - crowd.part)))  # and nobody confirms it
    numbers = {each.number for each in crowd.all}
    assert place.in_rows() == numbers
    with site.database.reading() as tx:
        everything = b"".join(
            value if isinstance(value, bytes) else str(value).encode()
            for table in metadata.sorted_tables
            for each in tx.execute(select(table))
            for value in each
        )
    assert [each for each in OWN if own(done[2].number, each).encode() not in everything] == [], "it is looked for"

    place.know_values()
    erase(crowd, head)  # whose two others stay one person
    done[0].same_as, third.same_as = third, None
    crowd.check("erased: the one whom the others are the same as")
    for each in back[: crowd.part // 2 + 1]:
        erase_herself(crowd, each)
    crowd.check("erased by themselves")
    part = crowd.part
    for who in (*done[2 * part : 2 * part + part // 2 + 1], *begun[part:-1], *crowd.all[-part:]):
        if not who.erased:
            erase(crowd, who)
    crowd.check("erased by the staff")

    with site.database.writing() as tx:
        assert rebuild(tx, site.desk.catalogue) == len(crowd.here)
    crowd.check("made anew from the log")
    crowd.pass_(days=400)
    desk = retention.Desk(
        database=site.database, pen=site.pen, catalogue=site.desk.catalogue, periods=Periods(answers=1, quarantine=1)
    )
    gone = retention.run(desk, by="", now=site.clock())
    never = [each for each in crowd.here if not each.begun]
    assert gone["unused"] == len(never) and gone["answers"] and gone["quarantine"]
    for each in never:
        each.erased = True
    crowd.check("after what is past its time")

    erased = {each.number for each in crowd.all if each.erased}
    assert len(erased) > crowd.n // 2 and crowd.here
    assert site.database.rewrite()
    left = place.in_rows()
    assert left == {each.number for each in crowd.here}
    assert place.in_temporary_files_and_log() == set()
    if place.is_sqlite:
        assert place.in_files() == left, "in the database's file, its WAL, and everything beside them"
    else:
        assert place.rows_with(erased) == [] and place.rows_with(left)
        assert place.in_data_files() == left and place.in_files() == set()
    with site.database.reading() as tx:
        held, files = held_certificates.c, certificate_files.c
        both = held_certificates.join(certificate_files, held.number == files.number)
        rows = tx.execute(select(held.learner, files.bytes).select_from(both)).all()
        assert all((each.learner is None) == (each.bytes is None) for each in rows), "their PDFs are packed: seen apart"
        assert audit.first_broken(tx) is None
        assert not any(own(each, "")[:6] in line.body for each in erased for line in audit.lines(tx))
