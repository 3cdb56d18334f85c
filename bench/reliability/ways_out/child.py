"""Goes ways out of a data root in a process of its own, as a worker is: they come as lines of JSON, and so do outcomes.

Nothing but the standard library is imported before the process is confined.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from apvserver.worker_limits import limit_worker


def main() -> int:
    """Go the ways that standard input names, each when it is told to. Returns the exit code."""
    told = json.loads(sys.stdin.readline())
    limit_worker(told)
    from .steps import go

    go.prepare(told["settings"])
    print("ready", flush=True)
    for line in sys.stdin:
        outcome: list[Any] = [go.step(*step) for step in json.loads(line)]
        print("outcome " + json.dumps(outcome), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
