"""This store as phones and files know it."""

from typing import Any

from lms.certificates.keys import load_store_key
from lms.certificates.vouching import voucher
from lms.services.common.registers import shelf_of
from lms.web.frame.site import site


def this_store() -> dict[str, Any]:
    """Its id, its key, and the signed documents that lead from the root to it."""
    settings = site().settings
    key = load_store_key(settings.keys)
    return {"id": site().pen.store.id, "key": key, "trust": voucher(shelf_of(settings).load(), key)}
