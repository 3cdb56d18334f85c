"""Executes a pipeline one algorithm at a time, upstream first: progress, interruption, errors that are remembered."""

import threading
import time as _time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from vtkmodules.vtkCommonCore import vtkMath

from ..algorithms.turned import forget_direction
from ..base.errors import ExecutionFailed, ExecutionInterrupted, FileError, InvalidProperty, afresh
from ..base.precision import PROPERTY, choose_precision, moved_too_far, warn_of_rounding
from ..base.vtk_messages import Capture, Message, Report, capture
from ..files.deliveries import undelivered
from ..files.file_states import file_states, have_changed, read_again
from ..files.writers.writing import execute_writer
from .about import messages_of
from .filling import suit
from .guards.refusals import harmful
from .image_place import announce_place
from .input_arrays import missing_array
from .interruption import may_abort
from .nothing_made import held_output, made_at, made_nothing
from .overflows import overflow
from .preparation import prepare
from .progress import OnProgress, Step, Watch
from .proxies import Pipeline, Proxy
from .straightening import straighten_inputs
from .times import update_at
from .wrong_sizes import leave_out_wrong_sizes

OnMessage = Callable[[Message], None]
_StateKey = tuple[float | None, tuple[tuple[int, int], ...]]

_SEED: Final = 1177
"""VTK's own, of a process that has just begun."""
REMEMBERED_S: Final = 10.0
"""For so long a failure stands for an execution that would fail again. Not longer: what it lacked, such as memory, may
be there by then."""


@dataclass(frozen=True)
class _Failure:
    state: _StateKey
    failed_s: float
    error: ExecutionFailed


class Executor:
    """Brings proxies of one pipeline up to date.

    All methods but the interrupts and `sign_of_life` belong to the data service's thread.
    """

    def __init__(self, *, clock: Callable[[], float] = _time.monotonic) -> None:
        self._clock = clock
        self._failures: dict[int, _Failure] = {}
        self._lock = threading.Lock()
        self._busy = False
        self._stop = False
        self._purpose: object = None
        self._depends_on: frozenset[int] = frozenset()
        self._current: Any = None
        self._flagged = False
        self._step: Step | None = None
        self._telling = threading.Lock()

    def execute(
        self,
        pipeline: Pipeline,
        id: int,
        port: int = 0,
        *,
        time: float | None = None,
        on_progress: OnProgress | None = None,
        on_message: OnMessage | None = None,
        should_stop: Callable[[], bool] = lambda: False,
        purpose: object = None,
        depends_on: frozenset[int] = frozenset(),
    ) -> None:
        """Bring a proxy's output port up to date, executing only what is out of date, upstream first.

        `time` is a time of the data, for this execution; None: what the sources give by themselves. `should_stop` is
        polled between algorithms.
        Callbacks run on this thread; an exception raised in one ends the execution and comes out of here. Whether files
        that algorithms read have changed is looked at: those are read again. `purpose` and `depends_on` are what
        `interrupt` and `interrupt_if_depends` go by.

        Raises `ExecutionFailed` when an algorithm reports an error. A failure is remembered for `REMEMBERED_S`: until
        something upstream changes, or a file, the same error is raised again without executing.
        Raises `ExecutionInterrupted` after `interrupt` (even if all was done by then) or when `should_stop` says
        so; the next execution gives the same result as if nothing had happened. Raises `UnknownProxy`.
        """
        order = pipeline.upstream_order(id)
        with self._lock:
            self._busy, self._stop = True, False
            self._purpose, self._depends_on = purpose, depends_on
        try:
            for one in order:
                proxy = pipeline.proxy(one)
                _notice_files(proxy)
                self._raise_remembered(pipeline, proxy, time)
                self._raise_if_stopped(proxy, should_stop)
                if not proxy.is_object:
                    step = self._step = Step(proxy, self._clock, on_progress, self._telling)
                    self._run(
                        step, pipeline.output(id, port) if one == id and port else None, time, pipeline, on_message
                    )
            self._raise_if_stopped(pipeline.proxy(id), lambda: False)
        finally:
            if self._step is not None:
                self._step.end()
            self._step = None
            with self._lock:
                self._busy = False
                self._purpose = None

    def sign_of_life(self) -> None:
        """Report progress of the algorithm that executes, if that has not been done for a while. From any thread."""
        step = self._step
        if step is not None:
            step.sign_of_life()

    def interrupt(self, purpose: object = None) -> None:
        """Stop the running execution, with `purpose` only one that is for that, as soon as it is safe. From any thread.

        Takes microseconds and never waits for VTK. The executing algorithm is aborted if its class is known to
        survive that (`interruption.ABORTABLE`); any other is left to finish, and nothing after it is started.
        Without a running execution this does nothing.
        """
        with self._lock:
            if self._busy and (purpose is None or purpose is self._purpose):
                self._stop_now()

    def interrupt_if_depends(self, ids: Collection[Any]) -> None:
        """Stop the running execution, as `interrupt` does, if one of these is among what it depends on."""
        with self._lock:
            if self._busy and not self._depends_on.isdisjoint(ids):
                self._stop_now()

    def _stop_now(self) -> None:
        self._stop = True
        if self._current is not None and not self._flagged:
            self._flagged = True
            self._current.SetAbortExecuteAndUpdateTime()

    def forget(self, id: int) -> None:
        """Drop what is remembered about a proxy, for example because it was deleted."""
        self._failures.pop(id, None)

    def _run(
        self,
        step: Step,
        output: tuple[Any, int] | None,
        time: float | None,
        pipeline: Pipeline,
        on_message: OnMessage | None,
    ) -> None:
        proxy = step.proxy
        before = made_at(proxy)
        told = False

        def tell(message: Message) -> None:
            nonlocal told
            told = True
            if on_message:
                on_message(message)

        for index, algorithm in enumerate(proxy.algorithms):
            step.part = index
            port = output[1] if output is not None and output[0] is algorithm else 0
            self._run_part(step, algorithm, port, time, pipeline, tell)
        anew = made_at(proxy) != before
        if anew and (why := overflow(pipeline, proxy, told=told)) is not None:
            for algorithm in proxy.algorithms:
                algorithm.Modified()
            self._fail(step, [why], _state_key(pipeline, proxy.id, time))
        if on_message and anew and not told and (why := made_nothing(proxy)) is not None:
            on_message(Message("warning", proxy.id, proxy.type_name, why))
        self._failures.pop(proxy.id, None)
        step.end("finished")
        step.raise_callback_error()

    def _run_part(
        self,
        step: Step,
        algorithm: Any,
        port: int,
        time: float | None,
        pipeline: Pipeline,
        on_message: OnMessage | None,
    ) -> None:
        proxy = step.proxy
        before = _executed(algorithm)
        with capture() as captured:
            problem = _prepared(pipeline, proxy, algorithm, time)
            # what could not be looked into has said why, and need not be tried again
            ready = problem is None and not captured.errors
            aborted = ready and self._update(step, algorithm, port, time)
            forget_direction(algorithm)
        if problem is not None:
            captured.reports.insert(0, Report("error", problem))
        step.raise_callback_error()
        if aborted:
            step.end("interrupted", always=True)
            step.raise_callback_error()
            raise ExecutionInterrupted(proxy.id, proxy.type_name)
        if not captured.errors and _executed(algorithm) != before:
            told = (*undelivered(algorithm), *leave_out_wrong_sizes(algorithm))
            captured.reports += [Report("warning", text) for text in told]
        self._forward(proxy, captured, on_message)
        if captured.errors:
            algorithm.Modified()  # many take what they have made in spite of an error for up to date
            self._fail(step, captured.errors, _state_key(pipeline, proxy.id, time))

    def _fail(self, step: Step, messages: Sequence[str], state: _StateKey) -> NoReturn:
        failure = ExecutionFailed(step.proxy.id, step.proxy.type_name, messages)
        self._failures[step.proxy.id] = _Failure(state, self._clock(), failure)
        step.end("failed", always=True)
        step.raise_callback_error()
        raise afresh(failure)

    def _update(self, step: Step, algorithm: Any, port: int, time: float | None) -> bool:
        """Execute one algorithm; whether it was aborted, or not begun because that was interrupted."""
        watch = step.proxy.watches[step.part]
        if not self._begin(algorithm):
            return True
        watch.step = step
        try:
            _update(algorithm, port, time)
            if PROPERTY not in step.proxy.given and not self._flagged and moved_too_far(algorithm):
                _update(algorithm, port, time)
            warn_of_rounding(algorithm)
        finally:
            watch.step = None
            aborted = self._end(algorithm)
        announce_place(algorithm)
        return aborted

    def _begin(self, algorithm: Any) -> bool:
        """Whether it may be executed: not if that was interrupted in the last moment."""
        if algorithm.GetAbortExecute():
            algorithm.SetAbortExecute(0)
        allowed = may_abort(algorithm)
        with self._lock:
            self._flagged = False
            self._current = algorithm if allowed and not self._stop else None
            return not self._stop

    def _end(self, algorithm: Any) -> bool:
        """Whether the algorithm was flagged; then it is reset, and out of date whatever it has made of that."""
        with self._lock:
            self._current = None
            flagged = self._flagged
        if flagged:
            algorithm.SetAbortExecute(0)
            algorithm.Modified()
        return flagged

    def _forward(self, proxy: Proxy, captured: Capture, on_message: OnMessage | None) -> None:
        if on_message:
            for message in messages_of(proxy, captured.reports):
                on_message(message)

    def _raise_if_stopped(self, proxy: Proxy, should_stop: Callable[[], bool]) -> None:
        if self._stop or should_stop():
            raise ExecutionInterrupted(proxy.id, proxy.type_name)

    def _raise_remembered(self, pipeline: Pipeline, proxy: Proxy, time: float | None) -> None:
        remembered = self._failures.get(proxy.id)
        if remembered is None or self._clock() - remembered.failed_s >= REMEMBERED_S:
            return
        if remembered.state == _state_key(pipeline, proxy.id, time):
            raise afresh(remembered.error)


def _notice_files(proxy: Proxy) -> None:
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


def _prepared(pipeline: Pipeline, proxy: Proxy, algorithm: Any, time: float | None) -> str | None:
    """Why an algorithm of a proxy, whose inputs are up to date, cannot be executed; None if it can be."""
    try:
        if algorithm is proxy.algorithms[0]:
            unsuitable = suit(pipeline, proxy)
            if unsuitable is not None:
                return unsuitable
            straighten_inputs(pipeline, proxy, time)
        if hasattr(algorithm, "announce_at"):
            algorithm.announce_at(time)
        prepare(algorithm)
        if PROPERTY not in proxy.given:
            choose_precision(algorithm)
    except (FileError, InvalidProperty) as error:
        return str(error)
    return missing_array(algorithm) or harmful(algorithm)


def _executed(algorithm: Any) -> int:
    """Grows with every execution."""
    data = held_output(algorithm) if algorithm.GetNumberOfOutputPorts() else None
    return 0 if data is None else int(data.GetUpdateTime())


def _update(algorithm: Any, port: int, time: float | None) -> None:
    """All calls release the GIL. An algorithm without outputs, such as a writer, has no time to be asked for.

    What VTK makes at random goes on from what was made last in the process: here it is the same each time.
    """
    vtkMath.RandomSeed(_SEED)
    if algorithm.GetNumberOfOutputPorts():
        update_at(algorithm, port, time)
    else:
        execute_writer(algorithm)


def _state_key(pipeline: Pipeline, id: int, time: float | None) -> _StateKey:
    """What a failure depends on: the time and the modified times upstream; connections count as modifications."""
    return time, tuple((one, pipeline.proxy(one).modified_time()) for one in pipeline.upstream_order(id))
