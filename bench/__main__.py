"""`python -m bench [PART]`, `python -m bench pages NAME`: how fast, always beside a yardstick of the same run (`make bench PART=pages`)."""

import sys

from bench import answers, certificates, completion, indicators, overview, pages, pocket, rate, rosters, search, sync
from bench import format as course_format

PARTS = {
    "pages": pages.main,
    "rate": rate.main,
    "answers": answers.main,
    "certificates": certificates.main,
    "completion": completion.main,
    "format": course_format.main,
    "search": search.main,
    "overview": overview.main,
    "rosters": rosters.main,
    "indicators": indicators.main,
    "sync": sync.main,
    "pocket": pocket.main,
}


def main(part: str, *more: str) -> int:
    """0, or 2 for a part that there is not."""
    if part != "all" and part not in PARTS:
        print(f"no part {part!r}: choose from {', '.join(PARTS)}, or all")
        return 2
    for name, run in PARTS.items():
        if part in ("all", name):
            run(*more)
    return 0


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:] or ["all"])))
