"""`python -m bench.running.server MODULE:FUNCTION JSON`: the serving side of a comparison, in a process of its own.

The function starts to serve and returns its address and what ends it. The address goes to stdout as one line of JSON;
the process ends when stdin does, so it never outlives who started it.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
from collections.abc import Callable
from typing import Any, Final, NamedTuple

CLOSE_LIMIT_S: Final = 5.0


class Served(NamedTuple):
    """Where somebody serves, and the call that ends it."""

    address: Any
    close: Callable[[], object]


def main(target: str, arguments: str) -> None:
    """Serve until stdin ends."""
    module, _, name = target.partition(":")
    served: Served = getattr(importlib.import_module(module), name)(**json.loads(arguments))
    sys.stdout.write(json.dumps({"address": served.address}) + "\n")
    sys.stdout.flush()
    sys.stdin.buffer.read()
    watchdog = threading.Timer(CLOSE_LIMIT_S, os._exit, (1,))
    watchdog.daemon = True
    watchdog.start()
    served.close()
    os._exit(0)  # threads of a library that cannot be ended would keep the interpreter


def in_thread(serve: Callable[[], object]) -> None:
    """Run a server that blocks for ever in a thread that ends with the process."""
    threading.Thread(target=serve, name="bench-server", daemon=True).start()


if __name__ == "__main__":
    main(*sys.argv[1:3])
