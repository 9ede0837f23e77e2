"""This store as phones and files know it."""

from typing import Any

from lms.services.common.registers import signer
from lms.web.frame.site import site


def this_store() -> dict[str, Any]:
    """Its id, its key, and the signed documents that lead from the root to it."""
    mine = signer(site().settings)
    return {"id": site().pen.store.id, "key": mine.key, "trust": dict(mine.voucher)}
