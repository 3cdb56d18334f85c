"""Executes a pipeline one algorithm at a time, upstream first: progress, interruption, errors that are remembered."""

from __future__ import annotations

import threading
import time as _time
from collections.abc import Callable, Collection, Sequence
from typing import Any, NoReturn

from ... import activity
from ..algorithms.turned import forget_direction
from ..base.errors import ExecutionFailed, ExecutionInterrupted, afresh
from ..base.precision import PROPERTY, moved_too_far, warn_of_rounding
from ..base.vtk_messages import Capture, Message, Report, capture
from ..files.deliveries import undelivered
from .about import messages_of
from .failures import REMEMBERED_S, Failures
from .guards.memory_guard import beyond_memory
from .interrupts import Interrupts
from .preparation import prepared, suited
from .progress import OnProgress, Step, notice_files
from .proxies import Pipeline
from .proxy import Proxy
from .results.image_place import announce_place
from .results.nothing_made import made_nothing
from .results.overflows import overflow
from .results.unexplained import unexplained
from .results.unsound import unsound
from .results.wrong_sizes import leave_out_wrong_sizes
from .settled import Source, made_at, settle, settled_parts, source_of
from .times import update

__all__ = ["REMEMBERED_S", "Executor", "OnMessage"]

OnMessage = Callable[[Message], None]


class Executor:
    """Brings proxies of one pipeline up to date.

    All methods but the interrupts and `sign_of_life` belong to the data service's thread.
    """

    def __init__(self, *, clock: Callable[[], float] = _time.monotonic) -> None:
        self._clock = clock
        self._failures = Failures(clock)
        self._interrupts = Interrupts()
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
        cancelled: Callable[[], str | None] = lambda: None,
        purpose: object = None,
        depends_on: frozenset[int] = frozenset(),
    ) -> None:
        """Bring a proxy's output port up to date, executing only what is out of date, upstream first.

        `time` is a time of the data, for this execution; None: what the sources give by themselves. `cancelled` is
        asked between algorithms: why it is not wanted any more.
        Callbacks run on this thread; an exception raised in one ends the execution and comes out of here. Whether files
        that algorithms read have changed is looked at: those are read again. `purpose` and `depends_on` are what
        `interrupt` and `interrupt_if_depends` go by.

        Raises `ExecutionFailed` when an algorithm reports an error. A failure is remembered for `REMEMBERED_S`: until
        something upstream changes, or a file, the same error is raised again without executing.
        Raises `ExecutionInterrupted` after `interrupt` (even if all was done by then) or when it is
        `cancelled`; the next execution gives the same result as if nothing had happened. Raises `UnknownProxy`.
        """
        order = pipeline.upstream_order(id)
        self._interrupts.begin(purpose, depends_on)
        try:
            for one in order:
                proxy = pipeline.proxy(one)
                notice_files(proxy)
                self._failures.raise_remembered(pipeline, proxy, time)
                self._raise_if_stopped(proxy, cancelled)
                if not proxy.is_object:
                    self._bring_up_to_date(
                        pipeline, proxy, time, port if one == id else 0, on_progress=on_progress, on_message=on_message
                    )
            self._raise_if_stopped(pipeline.proxy(id), lambda: None)
        finally:
            if self._step is not None:
                activity.end(activity.EXECUTING)
                self._step.end()
            self._step = None
            self._interrupts.end()

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
        self._interrupts.interrupt(purpose)

    def interrupt_if_depends(self, ids: Collection[Any]) -> None:
        """Stop the running execution, as `interrupt` does, if one of these is among what it depends on."""
        self._interrupts.interrupt_if_depends(ids)

    def forget(self, id: int) -> None:
        """Drop what is remembered about a proxy, for example because it was deleted."""
        self._failures.forget(id)

    def _bring_up_to_date(
        self,
        pipeline: Pipeline,
        proxy: Proxy,
        time: float | None,
        port: int,
        *,
        on_progress: OnProgress | None,
        on_message: OnMessage | None,
    ) -> None:
        source = source_of(pipeline, proxy, time, port)
        step = Step(proxy, self._clock, on_progress, self._telling, part=settled_parts(proxy, source))
        if step.part < len(proxy.algorithms):
            self._step = step
            activity.begin(activity.EXECUTING, f"executing {proxy}", proxy.id)
            self._run(step, source, pipeline, on_message)

    def _run(self, step: Step, source: Source, pipeline: Pipeline, on_message: OnMessage | None) -> None:
        proxy = step.proxy
        told = made = False

        def tell(message: Message) -> None:
            nonlocal told
            told = True
            if on_message:
                on_message(message)

        suits = proxy.suits
        self._suit(step, source, pipeline, tell)
        if step.part or suits is not proxy.suits:  # parts are as they were after all, or have been changed for that
            step.part = settled_parts(proxy, source)
        for index in range(step.part, len(proxy.algorithms)):
            step.part = index
            made = self._run_part(step, source, pipeline, tell) or made
        proxy.settled = None
        if made:
            if (why := overflow(pipeline, proxy, told=told)) is not None:
                for algorithm in proxy.algorithms:
                    algorithm.Modified()
                self._fail(step, [why], pipeline, source.time)
            if on_message and not told and (why := made_nothing(proxy)) is not None:
                on_message(Message("warning", proxy.id, proxy.type_name, why))
        self._failures.forget(proxy.id)
        settle(proxy, source)
        step.end("finished")
        step.raise_callback_error()

    def _suit(self, step: Step, source: Source, pipeline: Pipeline, on_message: OnMessage) -> None:
        """Have a proxy suit its inputs, before the first of its parts that is out of date executes."""
        proxy = step.proxy
        if proxy.inputs or proxy.objects or proxy.own_objects or proxy.composition.filled:
            with capture() as captured:
                problem = suited(pipeline, proxy, source.time)
        else:  # VTK has no part in it
            captured, problem = Capture(), suited(pipeline, proxy, source.time)
        self._judge(step, captured, problem, source.time, pipeline, on_message)

    def _run_part(self, step: Step, source: Source, pipeline: Pipeline, on_message: OnMessage) -> bool:
        """Execute one algorithm, if it can be; whether it has made something."""
        proxy = step.proxy
        algorithm = proxy.algorithms[step.part]
        before = made_at(proxy, step.part)
        aborted = False
        with capture() as captured:
            problem = prepared(proxy, algorithm, source.time)
            if problem is None and not captured.errors:  # else it has said why, and need not be tried
                port = pipeline.part_port(proxy, algorithm, source.port)
                aborted, problem = self._update(step, algorithm, port, source.time)
            forget_direction(algorithm)
        step.raise_callback_error()
        if aborted:
            step.end("interrupted", always=True)
            step.raise_callback_error()
            raise ExecutionInterrupted(proxy.id, proxy.type_name)
        problem = problem or unexplained(algorithm, captured.errors)
        made = problem is None and made_at(proxy, step.part) != before
        if made and not captured.errors:
            told = (*undelivered(algorithm), *leave_out_wrong_sizes(algorithm))
            captured.reports += [Report("warning", text) for text in told]
            captured.reports += [Report("error", text) for text in unsound(algorithm)]
        self._judge(step, captured, problem, source.time, pipeline, on_message)
        return made

    def _judge(
        self,
        step: Step,
        captured: Capture,
        problem: str | None,
        time: float | None,
        pipeline: Pipeline,
        on_message: OnMessage,
    ) -> None:
        """Tell what was said about a part, and fail if something is wrong."""
        if problem is not None:
            captured.reports.insert(0, Report("error", problem))
        if not captured.reports:
            return
        for message in messages_of(step.proxy, captured.reports):
            on_message(message)
        if captured.errors:
            # many take what they have made in spite of an error for up to date
            step.proxy.algorithms[step.part].Modified()
            self._fail(step, captured.errors, pipeline, time)

    def _fail(self, step: Step, messages: Sequence[str], pipeline: Pipeline, time: float | None) -> NoReturn:
        failure = ExecutionFailed(step.proxy.id, step.proxy.type_name, messages)
        self._failures.remember(pipeline, time, failure)
        step.end("failed", always=True)
        step.raise_callback_error()
        raise afresh(failure)

    def _update(self, step: Step, algorithm: Any, port: int, time: float | None) -> tuple[bool, str | None]:
        """Execute one algorithm; whether it was aborted, or not begun because that was interrupted, or why it cannot.

        What it would make is known when it has looked at what it reads, which can take long: it is watched meanwhile.
        """
        watch = step.proxy.watches[step.part]
        if not self._interrupts.begin_algorithm(algorithm):
            return True, None
        watch.step = step
        try:
            problem = beyond_memory(algorithm)
            if problem is None:
                update(algorithm, port, time)
                if PROPERTY not in step.proxy.given and not self._interrupts.flagged and moved_too_far(algorithm):
                    update(algorithm, port, time)
                warn_of_rounding(algorithm)
        finally:
            watch.step = None
            aborted = self._interrupts.end_algorithm(algorithm)
        if problem is None:
            announce_place(algorithm)
        return aborted, problem

    def _raise_if_stopped(self, proxy: Proxy, cancelled: Callable[[], str | None]) -> None:
        if self._interrupts.stopped or cancelled() is not None:
            raise ExecutionInterrupted(proxy.id, proxy.type_name)
