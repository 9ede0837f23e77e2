"""The log tells what happened, and to nobody's harm."""

import json
import logging
from collections.abc import Iterator

import pytest

from lms import logs


@pytest.fixture
def configured() -> Iterator[None]:
    root = logging.getLogger("lms")
    before = (root.handlers, root.level, root.propagate)
    logs.configure()
    yield
    root.handlers, root.propagate = before[0], before[2]
    root.setLevel(before[1])


def test_a_line_is_json_with_the_allowed_fields_only(configured: None, capfd: pytest.CaptureFixture[str]) -> None:
    log = logging.getLogger("lms.test")
    handler = logging.getLogger("lms").handlers[0]
    record = log.makeRecord(
        "lms.test", logging.ERROR, "f", 1, "bug %s", ("x",), None, extra={"code": "ab12", "name_of_learner": "Ana"}
    )
    line = json.loads(handler.format(record))
    assert (line["level"], line["log"], line["message"], line["code"]) == ("error", "lms.test", "bug x", "ab12")
    assert "Ana" not in json.dumps(line)
    log.info("quiet")
    assert capfd.readouterr().err == ""


def test_a_failure_says_where(configured: None) -> None:
    handler = logging.getLogger("lms").handlers[0]
    try:
        raise ValueError("x")
    except ValueError as error:
        record = logging.getLogger("lms").makeRecord(
            "lms", logging.ERROR, "f", 1, "bug", (), (type(error), error, error.__traceback__)
        )
    assert "test_logs.py" in json.loads(handler.format(record))["trace"]
