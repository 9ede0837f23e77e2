"""`python -m tests.coverage_floor`: exit 1 where the coverage of the core, or of what phones send, branches included, is under its floor."""

import io
import sys

from coverage import Coverage

FLOORS = {"content": 95, "learning": 95, "certificates": 95, "services/pocket": 95, "web/device": 95}


def main() -> int:
    """1 when a package is under its floor, else 0."""
    coverage = Coverage()
    coverage.load()
    short = 0
    for package, floor in FLOORS.items():
        share = coverage.report(include=f"lms/{package}/*", file=io.StringIO())
        print(f"lms.{package.replace('/', '.')}: {share:.1f} % covered with branches, floor {floor} %")
        short += share < floor
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
