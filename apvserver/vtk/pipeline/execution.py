"""Executes a pipeline one algorithm at a time, upstream first: progress, interruption, errors that are remembered."""

from __future__ import annotations

import threading
import time as _time
from collections.abc import Callable, Collection, Sequence
from typing import Any, NoReturn

from ... import activity
from ..algorithms.turned import forget_direction
from ..base.errors import ExecutionFailed, ExecutionInterrupted, VtkError, afresh
from ..base.precision import PROPERTY, moved_too_far, warn_of_rounding
from ..base.vtk_messages import Capture, Message, Report, capture
from ..files.deliveries import undelivered
from .about import messages_of
from .failures import REMEMBERED_S, Failures
from .guards.memory_guard import beyond_memory
from .interrupts import Interrupts
from .pieces.piece_progress import Told
from .pieces.runs import Wanted
from .pieces.streaming import Streaming, Then
from .preparation import prepared, suited, unsuitable
from .progress import OnProgress, Step, notice_files
from .proxies import Pipeline
from .proxy import Proxy
from .ranks.held import Slab
from .ranks.rules import all_regions
from .ranks.team import Plan, Team
from .ranks.together import Outcome
from .ranks.work import PieceWork
from .results.image_place import announce_place
from .results.losses import losses_of
from .results.nothing_made import made_nothing
from .results.overflows import overflow
from .results.unexplained import unexplained
from .results.unsound import unsound
from .results.wrong_sizes import leave_out_wrong_sizes
from .settled import Source, made_at, settle, settled_parts, source_of
from .times import Part, update

__all__ = ["REMEMBERED_S", "Executor", "OnMessage"]

OnMessage = Callable[[Message], None]


class Executor:
    """Brings proxies of one pipeline up to date.

    All methods but the interrupts and `sign_of_life` belong to the data service's thread.
    """

    def __init__(self, *, clock: Callable[[], float] = _time.monotonic, team: Team | None = None) -> None:
        """Begin; where there are several ranks, `team` directs the others."""
        self._clock = clock
        self._team = team
        self._failures = Failures(clock)
        self._interrupts = Interrupts()
        if team is not None:
            self._interrupts.on_stop = team.interrupt
        self._step: Step | None = None
        self._telling = threading.Lock()
        self._cancelled: Callable[[], str | None] = lambda: None
        self._streaming = Streaming(self)

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
        then: Then = Streaming.describe,
    ) -> None:
        """Bring a proxy's output port up to date, executing only what is out of date, upstream first.

        `time` is a time of the data, for this execution; None: what the sources give by themselves. `cancelled` is
        asked between algorithms: why it is not wanted any more.
        Callbacks run on this thread; an exception raised in one ends the execution and comes out of here. Whether files
        that algorithms read have changed is looked at: those are read again. `purpose` and `depends_on` are what
        `interrupt` and `interrupt_if_depends` go by.

        What is too large as a whole is executed in pieces, one after the other, where that is known to be right. `then`
        is done with the proxy if it is.

        Raises `ExecutionFailed` when an algorithm reports an error. A failure is remembered for `REMEMBERED_S`: until
        something upstream changes, or a file, the same error is raised again without executing.
        Raises `ExecutionInterrupted` after `interrupt` (even if all was done by then) or when it is
        `cancelled`; the next execution gives the same result as if nothing had happened. Raises `UnknownProxy`.
        """
        order = pipeline.upstream_order(id)
        wanted = Wanted(time, Told(on_progress, on_message))
        self._interrupts.begin(purpose, depends_on, order)
        self._cancelled = cancelled
        try:
            for one in order:
                proxy = pipeline.proxy(one)
                notice_files(proxy)
                self._failures.raise_remembered(pipeline, proxy, time)
                self._raise_if_stopped(proxy, cancelled)
                if not proxy.is_object and not self._is_streamed(pipeline, proxy, wanted):
                    self._bring_up_to_date(
                        pipeline, proxy, time, port if one == id else 0, on_progress=on_progress, on_message=on_message
                    )
            if pipeline.proxy(id).in_pieces is not None:
                then(self._streaming, pipeline, pipeline.proxy(id), wanted)
            self._raise_if_stopped(pipeline.proxy(id), lambda: None)
        finally:
            if self._step is not None:
                activity.end(activity.EXECUTING)
                self._step.end()
            self._step = None
            self._cancelled = lambda: None
            self._interrupts.end()

    def _is_streamed(self, pipeline: Pipeline, proxy: Proxy, wanted: Wanted) -> bool:
        """Have a proxy be in pieces that are made one after the other, if it is too large; ranks have pieces anyway."""
        return self._team is None and self._streaming.bring(pipeline, proxy, wanted)

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

    def interrupt_execution_of(self, ids: Collection[Any]) -> None:
        """Stop the running execution, as `interrupt` does, if it is of one of these, whatever else it is for."""
        self._interrupts.interrupt_execution_of(ids)

    def forget(self, id: int) -> None:
        """Drop what is remembered about a proxy, for example because it was deleted."""
        self._failures.forget(id)

    # --- for pieces

    def run(self, pipeline: Pipeline, proxy: Proxy, time: float | None, told: Told) -> None:
        """Bring one proxy up to date whose inputs are. Raises ExecutionFailed, ExecutionInterrupted."""
        if not proxy.watches:
            notice_files(proxy)
        self._bring_up_to_date(pipeline, proxy, time, 0, on_progress=told.on_progress, on_message=told.on_message)

    def work(
        self,
        pipeline: Pipeline,
        proxy: Proxy,
        time: float | None,
        told: Told,
        job: Callable[[], Any],
        *,
        prepare: bool = False,
    ) -> Any:
        """See pieces.streaming.Runs."""
        step = self._step = Step(proxy, self._clock, told.on_progress, self._telling)
        activity.begin(activity.EXECUTING, f"executing {proxy}", proxy.id)
        algorithm, made, aborted = proxy.algorithms[0], None, False
        with capture() as captured:
            problem = prepared(proxy, algorithm, time) if prepare else None
            if problem is None and not captured.errors:
                if not self._interrupts.begin_algorithm(algorithm):
                    raise ExecutionInterrupted(proxy.id, proxy.type_name)
                proxy.watches[0].step = step
                try:
                    made = job()
                except VtkError as error:
                    problem = str(error)
                finally:
                    proxy.watches[0].step = None
                    aborted = self._interrupts.end_algorithm(algorithm)
        if aborted:
            raise ExecutionInterrupted(proxy.id, proxy.type_name)
        self._judge(step, captured, problem, time, pipeline, told.on_message or (lambda _: None))
        step.raise_callback_error()
        return made

    def suit(self, pipeline: Pipeline, proxy: Proxy, time: float | None, told: Told) -> None:
        """See pieces.streaming.Runs."""
        step = Step(proxy, self._clock, told.on_progress, self._telling)
        with capture() as captured:
            problem = unsuitable(pipeline, proxy)
        self._judge(step, captured, problem, time, pipeline, told.on_message or (lambda _: None))

    def raise_if_stopped(self, proxy: Proxy) -> None:
        """See pieces.streaming.Runs."""
        self._raise_if_stopped(proxy, self._cancelled)

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
        if self._team is not None:
            self._team.asked_for(pipeline, proxy, port)
        source = source_of(pipeline, proxy, time, port)
        step = Step(proxy, self._clock, on_progress, self._telling, part=settled_parts(proxy, source))
        if step.part < len(proxy.algorithms):
            self._step = step
            activity.begin(activity.EXECUTING, f"executing {proxy}", proxy.id)
            self._run(step, source, pipeline, on_message)

    def _run(self, step: Step, source: Source, pipeline: Pipeline, on_message: OnMessage | None) -> None:
        proxy = step.proxy
        told = False

        def tell(message: Message) -> None:
            nonlocal told
            told = True
            if on_message:
                on_message(message)

        suits = proxy.suits
        self._suit(step, source, pipeline, tell)
        if suits is not proxy.suits:  # what was filled in counts as what it is made of: it may be in objects
            source = source_of(pipeline, proxy, source.time, source.port)
        if step.part or suits is not proxy.suits:  # parts are as they were after all, or have been changed for that
            step.part = settled_parts(proxy, source)
        made = self._make(step, source, pipeline, tell)
        proxy.settled = None
        if made:
            if (why := overflow(pipeline, proxy, told=told)) is not None:
                for algorithm in proxy.algorithms:
                    algorithm.Modified()
                self._fail(step, [why], pipeline, source.time)
            if on_message and not told and (why := self._made_nothing(proxy)) is not None:
                on_message(Message("warning", proxy.id, proxy.type_name, why))
        self._failures.forget(proxy.id)
        settle(proxy, source)
        step.end("finished")
        step.raise_callback_error()

    def _make(self, step: Step, source: Source, pipeline: Pipeline, on_message: OnMessage) -> bool:
        """Execute what is out of date of a proxy, or have all ranks do so; whether something was made."""
        proxy, team, made = step.proxy, self._team, False
        if team is not None:
            plan = team.plan(pipeline, proxy, source.time)
            if plan is not None and plan.sums is not None:
                return self._make_of_sums(step, source, pipeline, on_message, team, plan)
            if plan is not None and plan.tracing is not None:
                if self._make_of_lines(step, source, pipeline, on_message, team, plan):
                    return True
                plan = None
            if plan is not None:
                return self._make_in_pieces(step, source, pipeline, on_message, team, plan)
            team.made_of_whole(proxy.id)
            team.put_together(pipeline, proxy)
        for index in range(step.part, len(proxy.algorithms)):
            step.part = index
            made = self._run_part(step, source, pipeline, on_message) or made
        return made

    def _made_nothing(self, proxy: Proxy) -> str | None:
        if self._team is not None and self._team.is_in_pieces(proxy.id) and not self._team.is_empty(proxy.id):
            return None  # it is this rank alone that has nothing
        return made_nothing(proxy)

    def _make_of_sums(
        self, step: Step, source: Source, pipeline: Pipeline, on_message: OnMessage, team: Team, plan: Plan
    ) -> bool:
        """Have each rank add up its piece for a proxy, which gives the sums as its output here."""
        step.part = 0
        found = team.add_up(pipeline, step.proxy, plan, source.time, lambda: self._interrupts.stopped)
        self._take(step, source, pipeline, on_message, found)
        return self._run_part(step, source, pipeline, on_message)

    def _make_of_lines(
        self, step: Step, source: Source, pipeline: Pipeline, on_message: OnMessage, team: Team, plan: Plan
    ) -> bool:
        """Have all ranks follow the lines of a proxy, which has them as its output here; whether they could."""
        proxy, tracer = step.proxy, len(step.proxy.algorithms) - 1
        team.connect_lines(pipeline, proxy, plan)
        for step.part in range(tracer):
            self._run_part(step, source, pipeline, on_message)
        if prepared(proxy, proxy.algorithms[tracer], source.time) is not None:
            return False  # what is wrong is told of the whole
        step.part, step.slowest = tracer, team.slowest
        step.on_start()
        found = team.follow(pipeline, proxy, plan, source.time, lambda: self._interrupts.stopped, step.on_running)
        if found is None:
            return False
        self._take(step, source, pipeline, on_message, found)
        return True

    def _take(self, step: Step, source: Source, pipeline: Pipeline, on_message: OnMessage, found: Outcome) -> None:
        """Tell what was said on all ranks; end where one was interrupted, or something is wrong there."""
        for message in messages_of(step.proxy, [Report("warning", text) for text in found.warnings]):
            on_message(message)
        if found.problems:
            self._fail(step, found.problems, pipeline, source.time)
        if found.stopped:
            _end_interrupted(step)

    def _make_in_pieces(
        self, step: Step, source: Source, pipeline: Pipeline, on_message: OnMessage, team: Team, plan: Plan
    ) -> bool:
        """Have each rank make its piece of a proxy, or none: if one is interrupted or fails, that is so for all."""
        proxy = step.proxy
        error: Exception | None = None
        aborted, problem = False, None
        step.slowest = team.slowest
        team.begin(pipeline, proxy, plan, source.time)
        try:
            with all_regions(proxy, plan.rule):
                slab = team.work.prepare(proxy, plan.rule, plan.source)
                for index in range(len(proxy.algorithms)):
                    step.part = index
                    self._run_part(step, source, pipeline, on_message, slab)
                team.work.keep(proxy, plan.rule, plan.source, slab)
            aborted = self._interrupts.stopped
        except ExecutionInterrupted as interrupted:
            aborted, error = True, interrupted
        except Exception as failed:  # the others wait for this rank
            problem, error = str(failed), failed
        stopped, problems = team.agree(proxy, aborted=aborted, problem=problem)
        if not stopped and not problems and plan.rule is not None and plan.rule.unites:
            assert plan.source is not None
            stopped, problems = team.unite(proxy, plan.source, lambda: self._interrupts.stopped)
        if stopped or problems:
            for algorithm in proxy.algorithms:
                algorithm.Modified()
        if error is not None:
            raise error
        if problems:
            self._fail(step, problems, pipeline, source.time)
        if stopped:
            _end_interrupted(step)
        return True

    def _suit(self, step: Step, source: Source, pipeline: Pipeline, on_message: OnMessage) -> None:
        """Have a proxy suit its inputs, before the first of its parts that is out of date executes."""
        proxy = step.proxy
        if proxy.inputs or proxy.objects or proxy.own_objects or proxy.composition.filled:
            with capture() as captured:
                problem = suited(pipeline, proxy, source.time)
        else:  # VTK has no part in it
            captured, problem = Capture(), suited(pipeline, proxy, source.time)
        self._judge(step, captured, problem, source.time, pipeline, on_message)

    def _run_part(
        self, step: Step, source: Source, pipeline: Pipeline, on_message: OnMessage, slab: Slab | Part | None = None
    ) -> bool:
        """Execute one algorithm, if it can be; whether it has made something. With a `slab` it makes a part."""
        proxy = step.proxy
        algorithm = proxy.algorithms[step.part]
        before = made_at(proxy, step.part)
        aborted = False
        with capture() as captured:
            problem = prepared(proxy, algorithm, source.time)
            if problem is None and not captured.errors:  # else it has said why, and need not be tried
                port = pipeline.part_port(proxy, algorithm, source.port)
                aborted, problem = self._update(step, algorithm, port, source.time, slab)
            forget_direction(algorithm)
        step.raise_callback_error()
        if aborted:
            _end_interrupted(step)
        problem = problem or unexplained(algorithm, captured.errors)
        made = problem is None and made_at(proxy, step.part) != before
        if made and not captured.errors:
            told = (*undelivered(algorithm), *leave_out_wrong_sizes(algorithm), *losses_of(algorithm))
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

    def _update(
        self, step: Step, algorithm: Any, port: int, time: float | None, slab: Slab | Part | None
    ) -> tuple[bool, str | None]:
        """Execute one algorithm; whether it was aborted, or not begun because that was interrupted, or why it cannot.

        What it would make is known when it has looked at what it reads, which can take long: it is watched meanwhile.
        """
        watch = step.proxy.watches[step.part]
        if not self._interrupts.begin_algorithm(algorithm):
            return True, None
        watch.step = step
        try:
            extent = PieceWork.extent(slab)
            problem = None if isinstance(extent, Part) else beyond_memory(algorithm, extent)
            if problem is None:
                update(algorithm, port, time, extent)
                if PROPERTY not in step.proxy.given and not self._interrupts.flagged and moved_too_far(algorithm):
                    update(algorithm, port, time, extent)
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


def _end_interrupted(step: Step) -> NoReturn:
    step.end("interrupted", always=True)
    step.raise_callback_error()
    raise ExecutionInterrupted(step.proxy.id, step.proxy.type_name)
