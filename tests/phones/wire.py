"""The bad link between a phone and its store: it loses requests and replies, cuts downloads, and plays captive portal."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

Fault = Literal["lost", "unanswered", "cut", "portal", "busy"]
"""`lost`: the request never arrives. `unanswered`: the store does its work, and nobody hears of it. `cut`: the first half
of the answer's body comes. `portal`: somebody else answers 200 with a page. `busy`: somebody else answers 503."""
PORTAL = b"<!doctype html><title>Wi-Fi</title><p>Welcome! Accept the terms of our network."


@dataclass
class Rule:
    """What happens to the next `times` requests for a path that begins so; `then` is called once it has happened."""

    path: str
    fault: Fault
    times: int = 1
    then: Callable[[], None] | None = None


class Wire:
    """A port that passes on what comes to the store's port, as well as its rules let it."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.rules: list[Rule] = []
        self.seen: list[tuple[str, str]] = []
        """(path, what happened) of each request."""
        self.is_down = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Where the phone finds the store."""
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Nobody listens any more."""
        self._listener.close()

    def next(self, path: str, fault: Fault, times: int = 1, then: Callable[[], None] | None = None) -> None:
        """The next requests for that path meet this fault."""
        self.rules.append(Rule(path, fault, times, then))

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            client.settimeout(60)
            request = _read_message(client)
            if not request or self.is_down:
                return
            path = request.split(b" ", 2)[1].decode("ascii", "replace")
            rule = self._rule(path)
            self.seen.append((path, rule.fault if rule else ""))
            self._answer(client, request, rule)
            if rule and rule.then:
                rule.then()

    def _rule(self, path: str) -> Rule | None:
        for rule in self.rules:
            if path.startswith(rule.path) and rule.times > 0:
                rule.times -= 1
                return rule
        return None

    def _answer(self, client: socket.socket, request: bytes, rule: Rule | None) -> None:
        match rule.fault if rule else None:
            case "lost":
                return
            case "portal":
                client.sendall(_made("200 OK", "text/html; charset=utf-8", PORTAL))
            case "busy":
                client.sendall(_made("503 Service Unavailable", "text/html; charset=utf-8", b"<title>Busy</title>"))
            case fault:
                reply = self._ask(request)
                if fault == "cut":
                    head, _, body = reply.partition(b"\r\n\r\n")
                    client.sendall(head + b"\r\n\r\n" + body[: len(body) // 2])
                elif fault is None:
                    client.sendall(reply)

    def _ask(self, request: bytes) -> bytes:
        """The store's whole answer; nothing where nobody listens."""
        with socket.create_connection(("127.0.0.1", self.target), timeout=60) as store:
            head, _, body = request.partition(b"\r\n\r\n")
            lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
            store.sendall(b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body)
            reply = b""
            while part := store.recv(65536):
                reply += part
        return reply


def _read_message(client: socket.socket) -> bytes:
    """A request with its body; nothing when it stops before its end."""
    got = b""
    while b"\r\n\r\n" not in got:
        part = client.recv(65536)
        if not part:
            return b""
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        part = client.recv(65536)
        if not part:
            return b""
        body += part
    return head + b"\r\n\r\n" + body


def _made(status: str, kind: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body
