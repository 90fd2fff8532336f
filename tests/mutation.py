"""`make mutation`, its last word: nine of ten changed lines of the domain must be noticed."""

import json
import sys
from pathlib import Path

STATISTICS = Path("mutants/mutmut-cicd-stats.json")
SHARE_MIN = 0.90


def main() -> int:
    """The exit code: 1 when too many mutants live."""
    counts = json.loads(STATISTICS.read_text())
    killed = counts["killed"] + counts.get("timeout", 0)
    judged = killed + counts["survived"] + counts.get("no_tests", 0)
    share = killed / judged
    print(f"mutants killed: {killed} of {judged}, {share:.1%} (at least {SHARE_MIN:.0%})")
    return 0 if share >= SHARE_MIN else 1


if __name__ == "__main__":
    sys.exit(main())
