"""What a person may be refused, each with the sentence that says why and what to do.

The sentence is English source text for gettext; `lms.web.frame.errors` makes a page of it, with its status;
`lms.cli` prints it and exits with 1.
"""

from typing import Any, ClassVar

from lms.i18n import N_


class Refusal(Exception):
    """A request that can't be granted; `sentence(gettext)` tells the reader why and what to do."""

    message: ClassVar[str] = N_("This can't be done.")
    status: ClassVar[int] = 400
    """As HTTP counts what may be wrong with a request."""

    def __init__(self, **values: Any) -> None:
        super().__init__(self.message % values if values else self.message)
        self.values = values

    def sentence(self, gettext: Any) -> str:
        """The whole message in the reader's language."""
        text: str = gettext(self.message)
        return text % self.values if self.values else text
