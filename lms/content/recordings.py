"""Sound and film, each with a transcript that says the same in words."""

from typing import TYPE_CHECKING, Literal, cast

from lms.content.blocks import Directive
from lms.content.model import Recording
from lms.i18n import N_

if TYPE_CHECKING:
    from lms.content.body import Builder


def read(found: Directive, builder: "Builder") -> Recording:
    """The recording of a directive; whatever is wrong with it is reported at its line."""
    kind = cast(Literal["audio", "video"], found.kind.name)
    report = builder.report
    if not found.title:
        message = N_("A recording needs a title: “::: video src=media/x.mp4 captions=media/x.es.vtt Its title”.")
        report.error(found.line, "no-title", message)
    transcript = builder.blocks(found.children)
    if not transcript:
        message = N_("A recording needs its transcript: write before “:::” what is said and what is seen.")
        report.error(found.line, "no-transcript", message)
    captions = _file(found, builder, "captions", "captions")
    if kind == "video" and not found.options.get("captions"):
        message = N_("A video needs captions: captions=media/x.es.vtt.")
        report.error(found.line, "no-captions", message)
    if not found.options.get("src"):
        report.error(found.line, "no-src", N_("A recording names its file: src=media/x.mp4."))
    return Recording(
        line=found.line,
        kind=kind,
        title=found.title,
        media=_file(found, builder, "src", kind),
        captions=captions,
        language=builder.language,
        transcript=transcript,
    )


def _file(found: Directive, builder: "Builder", option: str, purpose: Literal["audio", "video", "captions"]) -> str:
    name = found.options.get(option, "").removeprefix("../").removeprefix("media/")
    return builder.media.find(name, builder.language, builder.report, found.line, purpose) if name else ""
