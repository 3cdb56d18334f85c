"""The worker program: one session's services in a process of their own. Started by `worker_process`, not by hand.

It reads its settings as one line of JSON from standard input, answers with one line that names its URL, and ends when
standard input closes: whoever started it has ended it, or has died.
"""

from __future__ import annotations

import hmac
import json
import logging
import os
import shutil
import signal
import sys
from typing import Any, Final

from services_core import Refused, ServicesEngine, ServicesError

from .session_services import start_session_services

_log = logging.getLogger(__name__)

CLOSE_S: Final = 2.5
"""How long its services may take to end: a filter that cannot be interrupted would keep it for ever."""


def main() -> int:
    """Run until standard input closes. Returns the exit code."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole terminal; who started us decides
    logging.basicConfig(level=os.environ.get("APV_LOG", "WARNING"), format="worker %(process)d %(name)s: %(message)s")
    settings = json.loads(sys.stdin.buffer.readline() or b"{}")
    if not settings:
        return 0
    engine = ServicesEngine(settings["backend"], name="worker")
    start_session_services(engine)

    def check_token(info: dict[str, Any]) -> None:
        if not hmac.compare_digest(str(info.get("session", "")), settings["token"]):
            raise Refused("this worker belongs to a session with another token")

    url = engine.listen(
        engine.backend.private_url(other_processes=True),
        lambda channel: engine.serve(channel, authorize=check_token),
    ).url
    print(json.dumps({"url": url}), flush=True)
    os.dup2(2, 1)  # what libraries print from here on goes to standard error: nobody reads our standard output any more
    sys.stdin.buffer.read()
    try:
        engine.close(CLOSE_S)
    except ServicesError as error:
        _log.warning("%s; ending anyway", error)
        sys.stderr.flush()
        _remove(settings["directory"])
        os._exit(1)  # a service is inside a filter that cannot be interrupted, and joining it could take for ever
    _remove(settings["directory"])
    return 0


def _remove(directory: str) -> None:
    """Who started us removes the directory of our temporary files, unless it has died."""
    shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
