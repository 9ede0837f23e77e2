"""Lines of phones received a second, with every check and all that follows from them, beside idempotent inserts of the same lines
into a log of the same columns and indexes, with the same settings and as many in a commit; and beside such inserts into a table
with no index but its ids, which no log could do with."""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import MetaData
from sqlalchemy.dialects.sqlite import insert

from bench.place import Place, place
from lms.certificates.device_key import packed
from lms.ids import uuid7
from lms.learning import events as types
from lms.learning.events import FIELDS, digest
from lms.learning.grading import right_answer
from lms.services.people import accounts
from lms.services.pocket import receiving
from lms.storage.people import Secrets
from lms.storage.releases import Release
from lms.storage.tables import events

PHONES, BATCHES, LINES = 12, 4, 500
COURSE = "trata-de-personas"
log = events.to_metadata(MetaData(), name="log")
for index in log.indexes:
    index.name = f"log_{index.name}"


def main() -> None:
    """Prints the comparison."""
    here = place()
    with here.site.database.writing() as tx:
        log.create(tx)
        tx.exec_driver_sql(
            "CREATE TABLE bare (seq INTEGER PRIMARY KEY, id TEXT UNIQUE, hash TEXT, raw BLOB, signature BLOB)"
        )
        live = here.site.desk.catalogue.live(tx, COURSE)
    if live is None:
        raise SystemExit("the course is not published")
    times = [
        [_seconds(act) for act in (_send(here, batch), _append(here, batch), _insert(here, batch))]
        for number in range(PHONES)
        for batch in _batches(here, live, number)
    ]
    ours, appended, bare = (statistics.median(LINES / each for each in side) for side in zip(*times, strict=True))
    ratio, other = (statistics.median(each[way] / each[0] for each in times) for way in (1, 2))
    print(f"lines of phones: {ours:,.0f} lines/s; inserts into the log: {appended:,.0f} lines/s; ratio {ratio:.3f}")
    print(f"bare table: {bare:,.0f} lines/s; ratio {other:.3f}")


def _seconds(action: Callable[[], None]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def _send(here: Place, batch: list[tuple[str, str]]) -> Callable[[], None]:
    body = "".join(json.dumps({"raw": raw, "signature": signature}) + "\n" for raw, signature in batch)
    browser = here.app.test_client()

    def act() -> None:
        answer = browser.post("/api/v1/events", data=body, content_type="application/x-ndjson")
        if answer.get_data().count(b'"accepted"') != LINES:
            raise SystemExit("not every line was accepted")

    return act


def _append(here: Place, batch: list[tuple[str, str]]) -> Callable[[], None]:
    now, rows = datetime.now(UTC), []
    for raw, signature in batch:
        told = json.loads(raw)
        row = {name: told[name] for name in ("id", "learner", "course", "type", "device", "n")}
        row |= {
            "hash": digest(raw.encode()),
            "raw": raw.encode(),
            "signature": signature.encode(),
            "origin_store": None,
        }
        rows.append(row | {"received_at": now, "skew_ms": 0, "via": "pocket", "proof": "device", "why": ""})

    def act() -> None:
        with here.site.database.writing() as tx:
            tx.execute(insert(log).on_conflict_do_nothing(index_elements=["id"]), rows)

    return act


def _insert(here: Place, batch: list[tuple[str, str]]) -> Callable[[], None]:
    rows = [(json.loads(raw)["id"], digest(raw.encode()), raw.encode(), signature.encode()) for raw, signature in batch]

    def act() -> None:
        with here.site.database.writing() as tx:
            tx.exec_driver_sql(
                "INSERT INTO bare (id, hash, raw, signature) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING", rows
            )

    return act


def _batches(here: Place, live: Release, number: int) -> Iterator[list[tuple[str, str]]]:
    """What somebody's phone sends: mostly practice, some sections, the end of modules."""
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
        yield lines


def _acts(live: Release) -> Iterator[tuple[str, str, dict[str, object]]]:
    for module in live.key.lessons.values():
        for question in module.questions():
            yield types.ATTEMPT_SUBMITTED, module.id, {"answers": {question.id: right_answer(question)}}
        yield types.SECTION_REACHED, module.id, {"section": "s-1"}
        yield types.MODULE_COMPLETED, module.id, {}


if __name__ == "__main__":
    main()
