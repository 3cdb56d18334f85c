"""What is told of an execution while it goes on: steps of progress, made from what VTK says, or from the clock."""

import threading
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from ..algorithms.arrays.promotion import PromoteIntegers
from ..files.file_states import FileStates, file_states, have_changed, read_again, reads_files
from .proxy import Proxy

State = Literal["started", "running", "finished", "failed", "interrupted"]
PROGRESS_INTERVAL_S = 0.1
FIRST_SIGN_S = 0.15
"""An algorithm that has said nothing for so long after it was begun is told of anyway ..."""
NEXT_SIGN_S = 0.35
"""... and again after so long: at least twice a second, since it is looked at every tenth of a second."""


class ProgressStep(NamedTuple):
    """How far one algorithm is: `fraction` from 0 to 1, never falling, or None as long as VTK has told nothing.

    `silent_s` is for how long VTK has said nothing of it.
    """

    proxy_id: int
    name: str
    fraction: float | None
    state: State
    silent_s: float = 0.0


OnProgress = Callable[[ProgressStep], None]


class Step:
    """The execution of one proxy as VTK tells it, on the executing thread; other threads may ask for signs of life."""

    def __init__(
        self,
        proxy: Proxy,
        clock: Callable[[], float],
        on_progress: OnProgress | None,
        lock: threading.Lock,
        part: int = 0,
    ) -> None:
        self.proxy = proxy
        self.callback_error: Exception | None = None
        self.part = part
        """Which of the proxy's algorithms executes."""
        self._clock = clock
        self._on_progress = on_progress
        self._started = False
        self._over = False
        self._fraction: float | None = None
        self._least = 0.0
        """What was told last where several ranks execute: it never falls."""
        self._told_s = self._heard_s = clock()
        self._lock = lock
        self.slowest: Callable[[], float] | None = None
        """How far the rank is that is farthest behind, where several execute this."""

    def on_start(self) -> None:
        with self._lock:
            if not self._started:
                self._report("started")

    def on_running(self, fraction: float) -> None:
        if 0.0 < fraction < 1.0 or self._fraction is not None:  # many filters report their begin and end, no more
            fraction = (self.part + fraction) / len(self.proxy.algorithms)
            self._fraction = min(max(fraction, self._fraction or 0.0), 1.0)
        self._heard_s = now_s = self._clock()
        if now_s - self._told_s >= PROGRESS_INTERVAL_S:
            with self._lock:
                self._report("running")

    def sign_of_life(self) -> None:
        """Give a sign of life. From any thread: never after the end, because both take the lock."""
        with self._lock:
            if not self._over and self._clock() - self._told_s >= (NEXT_SIGN_S if self._started else FIRST_SIGN_S):
                self._report("running" if self._started else "started")

    def end(self, state: State | None = None, *, always: bool = False) -> None:
        """Say how it ended, `always` or only if it was said that it began; nothing is said of it after that."""
        with self._lock:
            if state is not None and not self._over and (self._started or always):
                self._report(state)
            self._over = True

    def raise_callback_error(self) -> None:
        error, self.callback_error = self.callback_error, None
        if error is None:
            return
        try:
            raise error
        finally:
            del error  # its traceback has this frame, which would keep it

    def _report(self, state: State) -> None:
        self._started = True
        now_s = self._told_s = self._clock()
        if self._on_progress is None or self.callback_error:
            return
        fraction = 1.0 if state == "finished" else self._fraction
        if fraction is not None and self.slowest is not None and state == "running":
            fraction = min(fraction, max(self.slowest(), self._least))
            self._least = fraction
        step = ProgressStep(self.proxy.id, self.proxy.type_name, fraction, state, now_s - self._heard_s)
        try:
            self._on_progress(step)
        except Exception as error:  # VTK would print and drop it; _run raises it
            self.callback_error = error


class Watch:
    """The observers of one algorithm, added once because adding and removing costs more than executing a little.

    The algorithm keeps it: it does not keep the algorithm, or none that was executed would be freed without Python's
    collector, which does not know of the memory behind it.
    """

    def __init__(self, algorithm: Any) -> None:
        self.step: Step | None = None
        self.reads_files = reads_files(algorithm)
        self.files: FileStates | None = None
        """What the files that it reads were like when it was executed last; None before the first time."""
        if isinstance(algorithm, PromoteIntegers):
            return  # it is done when what it serves begins
        algorithm.AddObserver("StartEvent", self._on_start)
        algorithm.AddObserver("ProgressEvent", self._on_progress)

    def _on_start(self, _algorithm: object, _event: str) -> None:
        if self.step:
            self.step.on_start()

    def _on_progress(self, algorithm: Any, _event: str) -> None:
        if self.step:
            self.step.on_running(algorithm.GetProgress())


def notice_files(proxy: Proxy) -> None:
    """Make what reads files out of date if they are not what they were when it was executed last."""
    if not proxy.watches:
        proxy.watches = [Watch(algorithm) for algorithm in proxy.algorithms]
    for index, watch in enumerate(proxy.watches):
        if watch.reads_files:
            algorithm = proxy.algorithms[index]
            files = file_states(algorithm)
            if watch.files is not None and have_changed(algorithm, watch.files, files):
                read_again(algorithm)
            watch.files = files
