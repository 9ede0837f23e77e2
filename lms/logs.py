"""The log: JSON lines on standard error, with an allow-list of fields, so that no name or answer gets in by the way."""

import json
import logging
from datetime import UTC, datetime

FIELDS = ("code", "kind", "route", "status")


class JsonLines(logging.Formatter):
    """One record as one line of JSON: when, how bad, what, the allowed fields, and where a failure happened."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "log": record.name,
            "message": record.getMessage(),
        }
        line |= {name: str(getattr(record, name)) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True)


def configure() -> None:
    """Our own logs go to standard error, from `warning` up."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    root = logging.getLogger("lms")
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    root.propagate = False
