"""For whoever watches the server: is the process up, can it read and write."""

import shutil

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from lms.storage import schema
from lms.web.frame.security import access
from lms.web.frame.site import site

blueprint = Blueprint("health", __name__)
ENOUGH = 200 * 1024 * 1024  # bytes free on the disk of the instance folder


@blueprint.get("/healthz")
@access("public")
def alive() -> Response:
    """The process answers; nothing else is looked at."""
    return jsonify(alive=True)


@blueprint.get("/readyz")
@access("public")
def ready() -> tuple[Response, int]:
    """Whether the store can serve: its database answers, is of this version, and the disk has room."""
    checks = {"database": _database(), "disk": shutil.disk_usage(site().settings.instance).free > ENOUGH}
    return jsonify(ready=all(checks.values()), **checks), 200 if all(checks.values()) else 503


def _database() -> bool:
    try:
        with site().database.writing() as tx:
            tx.execute(text("SELECT 1"))
            return schema.is_current(tx)
    except DBAPIError:
        return False
