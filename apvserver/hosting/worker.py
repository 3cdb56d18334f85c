"""The worker program: one session's services in a process of their own. Started by `worker_process`, not by hand.

It answers with one line of JSON that names its URL, or the error that prevents one, and ends when who started it has
closed its end of the other direction, or has died.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import logging
import os
import shutil
import sys
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from services_core import Budget, Refused, ServicesEngine, ServicesError

from .. import activity
from ..heap import keep_little
from ..log_format import begin_log, process_is_of
from ..settings import Settings
from ..vtk.rendering.opengl import end_probe, expect_verdict, hear_verdict
from .monitoring.dumps import dump_on_signal, figures_lines
from .monitoring.figures import LOOK_S, FiguresFile, look_at
from .session_services import start_session_services

if TYPE_CHECKING:
    from ..ranks.crew import Crew

_log = logging.getLogger(__name__)

KEEP_S: Final = 10.0
"""How long relays may be away: who stops both processes, and lets them go on, finds that their link timed out."""

CLOSE_S: Final = 2.5
"""How long its services may take to end: a filter that cannot be interrupted would keep it for ever."""


def run(told: dict[str, Any], control: IO[bytes], answers: IO[bytes]) -> int:
    """Run until `control` ends. Returns the exit code."""
    settings = Settings.from_dict(told["settings"])
    begin_log(
        settings.log_level, settings.log_format, program="worker", text="worker %(process)d %(name)s: %(message)s"
    )
    for limit in told["limits"]:
        _log.info("%s", limit)
    activity.keep_in(Path(told["directory"]))
    if told["awaits_opengl"]:
        expect_verdict()
    life = _Life(control, told["directory"], Budget(settings.max_queued))
    keep_little()
    try:
        crew = _crew() if settings.ranks > 1 else None
        engine = ServicesEngine(told["backend"], name="worker", keep_s=KEEP_S)
        start_session_services(engine, settings, prepares=told["spare"], crew=crew)
        url = _listen(engine, told["token"], life.budget)
    except ServicesError as error:
        _answer(answers, {"error": str(error)})
        return 1
    life.begun.set()
    figures = FiguresFile(Path(told["directory"]))
    figures.write(look_at(engine, life.budget))
    dump_on_signal(lambda: figures_lines(look_at(engine, life.budget)))
    _answer(answers, {"url": url, "ranks": [] if crew is None else crew.members})
    while not life.ended.wait(LOOK_S):
        figures.write(look_at(engine, life.budget))
    if not all(service.wait_until_begun(0) for service in engine.services()):
        end_probe()
        life.end(0)  # nothing interrupts an import, and it has done nothing yet
    try:
        engine.close(CLOSE_S)
    except ServicesError as error:
        _log.warning("%s; ending anyway", error)
        end_probe()
        life.end(1)  # a service is inside a filter that cannot be interrupted, and joining it could take for ever
    if crew is not None:
        crew.end()
    _remove(told["directory"])
    return 0


def _crew() -> Crew:
    """Return the other ranks of this session, which a launcher has started with this process."""
    from ..ranks.crew import Crew  # late: it begins MPI

    return Crew()


class _Life:
    """Watches, on a thread, for the end of whoever started this worker, also while it imports what takes for ever."""

    def __init__(self, control: IO[bytes], directory: str, budget: Budget) -> None:
        self.budget = budget
        """What may wait in this worker: less where there are many."""
        self.begun = threading.Event()
        """Set once the main thread looks at `ended`."""
        self.ended = threading.Event()
        self._control = control
        self._directory = directory
        threading.Thread(target=self._watch, name="worker-life", daemon=True).start()

    def end(self, code: int) -> None:
        """End this process now, joining nothing."""
        sys.stderr.flush()
        _remove(self._directory)
        os._exit(code)

    def _watch(self) -> None:
        for line in self._control:
            told = json.loads(line)
            if "session" in told:
                process_is_of(told["session"])
            if "opengl" in told:
                hear_verdict(told["opengl"], told["failure"])
            if "queued" in told:
                self.budget.limit_bytes = int(told["queued"])
        self.ended.set()
        if not self.begun.is_set():
            self.end(1)


def _listen(engine: ServicesEngine, token: str, budget: Budget) -> str:
    def check_token(info: dict[str, Any]) -> None:
        told = str(info.get("session", "")).encode()  # of texts only those of ASCII can be compared
        if not hmac.compare_digest(told, token.encode()):
            raise Refused("this worker belongs to a session with another token")

    return engine.listen(
        engine.backend.private_url(other_processes=True),
        lambda channel: engine.serve(channel, authorize=check_token, budget=budget),
    ).url


def _answer(answers: IO[bytes], what: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # who started us has ended, which `control` tells, too
        answers.write(json.dumps(what).encode() + b"\n")
    answers.close()


def _remove(directory: str) -> None:
    """Remove the directory of our temporary files, if who started us has died: else that removes it."""
    shutil.rmtree(directory, ignore_errors=True)
