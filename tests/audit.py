"""`python -m tests.audit [PART]`: the long checks, run before an issue is said to be resolved.

Each part is a set of tests marked `audit`, or ordinary ones with more rounds (`LMS_AUDIT=1` tells them so).
"""

import os
import subprocess
import sys

PARTS = {
    "pages": ["tests/journeys", "tests/pocket/test_screens_tour.py", "-m", "browser"],
    "faults": ["tests/faults"],
    "content": ["tests/content"],
    "verifiers": ["tests/certificates"],
    "learning": ["tests/learning", "tests/services"],
    "courses": ["tests/courses"],
    "crowd": ["tests/crowd", "tests/web/test_told.py"],
    "exports": ["tests/exports"],
    "phones": ["tests/pocket", "tests/phones", "--deselect", "tests/phones/test_soak.py"],
    "soak": ["tests/phones/test_soak.py"],
}


def main(part: str) -> int:
    """The number of parts that failed."""
    names = list(PARTS) if part == "all" else [part]
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"no part {unknown[0]!r}: choose from {', '.join(PARTS)}, or all")
        return 2
    environment = {**os.environ, "LMS_REQUIRE_AUDIT": "1"}
    return sum(_run(name, environment) for name in names)


def _run(name: str, environment: dict[str, str]) -> bool:
    print(f"audit: {name}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "--timeout=3600", *PARTS[name]]
    return subprocess.run(command, env=environment, check=False).returncode != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "all"))
