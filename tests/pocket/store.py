"""A store as a phone meets it, in a few lines and with every fault that a test asks for; it checks what it is sent."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

NAMES = (
    *("api", "certificates", "db", "ed25519", "feedback", "file", "fold", "forms", "grading", "keys", "lock", "log"),
    *("profile", "progress", "send", "standing", "state", "switch", "take", "tickets", "uuid7"),
)
PAGE = """<!doctype html><title>Vereda</title><script type="module">
{imports}
window.pocket = {{ {names} }};
</script>""".format(
    imports="\n".join(
        f'import * as {name} from "/js/pocket/{name}.js";' for name in (n for n in NAMES if n != "switch")
    )
    + '\nimport * as switching from "/js/pocket/switch.js";',
    names=", ".join([*(name for name in NAMES if name != "switch"), "switching"]),
)
Answer = tuple[int, dict[str, str], bytes]
JSON = {"Content-Type": "application/json"}


def unpacked(text: str) -> bytes:
    """The bytes of base64url."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def packed(raw: bytes) -> str:
    """Bytes as base64url."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def is_signed(key: str, signature: str, raw: str) -> bool:
    """Whether the device of that key signed the line."""
    public, both = load_der_public_key(unpacked(key)), unpacked(signature)
    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert len(both) == 64
    told = encode_dss_signature(int.from_bytes(both[:32]), int.from_bytes(both[32:]))
    try:
        public.verify(told, raw.encode(), ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def reply(body: Any, status: int = 200) -> Answer:
    """A JSON answer."""
    return status, JSON, json.dumps(body).encode()


@dataclass
class Store:
    """`faults`: the next answers to POST /api/v1/events, each made of what would have been said; `files`: bytes by path."""

    scripts: Path
    who: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    faults: list[Callable[[Answer], Answer | None]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)
    pause: float = 0
    at_once: int = 0
    most_at_once: int = 0
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def complete_to(self, device: str) -> int:
        """The last n without a gap."""
        numbers = {each["n"] for each in map(json.loads, self.lines.values()) if each["device"] == device}
        return next(n for n in range(len(numbers) + 2) if n + 1 not in numbers)

    def events(self, body: bytes) -> Answer:
        """What is said of the lines."""
        with self.lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        time.sleep(self.pause)
        with self.lock:
            self.at_once -= 1
            self.bodies.append(body)
            fault = self.faults.pop(0) if self.faults else None
            outcomes, devices = [], {}
            for number, each in enumerate(body.decode().splitlines(), start=1):
                line = json.loads(each)
                event = json.loads(line["raw"])
                assert is_signed(self.keys[event["device"]], line["signature"], line["raw"])
                devices[event["device"]] = 0
                why = self.refused.get(event["type"], "")
                outcome = "refused" if why else "duplicate" if event["id"] in self.lines else "accepted"
                if not why and not fault:
                    assert self.lines.setdefault(event["id"], line["raw"]) == line["raw"]
                    self.seen.append(event["id"])
                outcomes.append({"line": number, "outcome": outcome, "why": why})
            complete = {device: self.complete_to(device) for device in devices}
            good = reply({"vereda": "events 1", "lines": len(outcomes), "outcomes": outcomes, "complete_to": complete})
        return (fault(good) or good) if fault else good

    def device(self, body: bytes) -> Answer:
        """A grant."""
        ask = json.loads(body)
        self.keys[ask["device"]] = ask["key"]
        said = {"device": ask["device"], "key": ask["key"], "expires": "2099-01-01T00:00:00Z", "name": ask["name"]}
        word = {"raw": json.dumps({"data": said}), "signature": "x", "expires": said["expires"]}
        return reply({"vereda": "grant 1", **word, "store": {"id": "K7Q2", "key": "k", "trust": {}}})

    def signed(self, path: str, body: bytes) -> Answer:
        """The answer to a signed ask."""
        ask = json.loads(body)
        said = json.loads(ask["raw"])
        assert is_signed(self.keys[said["device"]], ask["signature"], ask["raw"])
        assert said["challenge"] == "c1"
        found = self.told[path]
        if isinstance(found, bytes):
            return 200, {"Content-Type": "application/pdf"}, found
        return found if isinstance(found, tuple) else reply(found(said) if callable(found) else found)

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> Answer | None:
        """What is said to a request; None cuts the connection."""
        self.asked.append((path, headers.get("Range", "")))
        if path == "/pocket":
            return 200, {"Content-Type": "text/html; charset=utf-8"}, PAGE.encode()
        if path.startswith("/js/"):
            return 200, {"Content-Type": "text/javascript"}, (self.scripts / path[1:]).read_bytes()
        if path in self.files:
            return self._file(path, headers.get("Range", ""))
        if path == "/pocket/me":
            return reply({"vereda": "me 1", **self.who})
        if path == "/pocket/devices":
            return self.device(body)
        if path == "/api/v1/events":
            assert headers["Content-Type"] == "application/x-ndjson"
            assert "Cookie" not in headers
            return self.events(body)
        if path == "/api/v1/challenge":
            return reply({"vereda": "challenge 1", "challenge": "c1"})
        return self.signed(path, body) if path in self.told and method == "POST" else (404, {}, b"")

    def _file(self, path: str, range_: str) -> Answer | None:
        body, kind = self.files[path], {"Content-Type": "application/octet-stream"}
        if not range_:
            return None if path in self.cut else (200, kind, body)
        first, last = (int(each) for each in range_.removeprefix("bytes=").split("-"))
        if f"{path}@{first}" in self.cut:
            return None
        return 206, {**kind, "Content-Range": f"bytes {first}-{last}/{len(body)}"}, body[first : last + 1]

    def put(self, path: str, body: bytes) -> str:
        """The file's hash, with the file there under it."""
        name = hashlib.sha256(body).hexdigest()
        self.files[f"{path}{name}"] = body
        return name


@contextmanager
def served(scripts: Path) -> Iterator[Store]:
    """A store that answers on this machine."""
    store = Store(scripts)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = store.answer(self.command, urlsplit(self.path).path, self.headers, body)
            if answer is None:
                self.close_connection = True
                return
            status, headers, content = answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            self.close_connection = "Content-Length" in headers

        do_GET = do_POST = _do  # noqa: N815 - the names that the library asks for

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    store.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield store
    server.shutdown()
    server.server_close()
