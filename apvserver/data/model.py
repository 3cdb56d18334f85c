"""What the data service keeps: the pipeline, its execution, and how outputs become packets. Owns VTK objects."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from async_paraview.datasets import Assembler, DataSetError, encode, split
from async_paraview.operations import MissingField, layout_of
from async_paraview.operations.data import Fetch, Histogram, ProxyState, Rows
from async_paraview.records import dataclass
from async_paraview.scene.charts.representations import MOST_BINS
from async_paraview.vtk_imports import one_at_a_time
from services_core import DEFAULT_LIMITS, Packet

from ..vtk.base.data_roots import writable_path
from ..vtk.base.errors import ExecutionFailed, ExecutionInterrupted, PipelineError, SubsetError, VtkError, afresh
from ..vtk.base.information import describe_data, describe_output, describe_times, kept_output, shallow_output
from ..vtk.base.threads import set_up_threads
from ..vtk.base.vtk_messages import Capture, Message, capture, install
from ..vtk.data.spreadsheet import Order, Spreadsheet
from ..vtk.data.subsets import keep_arrays, take_block, take_rows
from ..vtk.geometry.charts.bins import Bins
from ..vtk.geometry.charts.counting import CountedPieces, count_values
from ..vtk.pipeline.about import messages_of
from ..vtk.pipeline.execution import Executor
from ..vtk.pipeline.filling import filled_values
from ..vtk.pipeline.offers import look_into, offered_by
from ..vtk.pipeline.pieces.streaming import Streaming, Then
from ..vtk.pipeline.progress import ProgressStep
from ..vtk.pipeline.proxies import Pipeline
from ..vtk.pipeline.proxy import Proxy
from ..vtk.pipeline.ranks.team import Team
from ..vtk.pipeline.ranks.work import PieceWork
from ..vtk.types.information_properties import information_properties
from ..vtk.types.property_routes import sorted_by_kind, with_names_of_today
from ..vtk.types.toml_definitions import OBJECTS, composition
from .heartbeat import Heartbeat
from .protocols import Crew, Sink
from .refused_updates import with_refused
from .representations import DataRepresentations, held_back
from .waiting_changes import SHOWN_TIME

if TYPE_CHECKING:
    from ..vtk.files.writers.writing import Written

_log = logging.getLogger(__name__)

_WHOLE_PIECE_BYTES: Final = DEFAULT_LIMITS.message_bytes
RECEIVE_LIMIT_BYTES: Final = 64 * 1024**3
"""Largest data set that a client may send: 64 GiB."""

MOST_ROWS: Final = 100_000
"""Of a page of a spreadsheet."""

HOLDER: Final = "vtkTrivialProducer"
"""The class of proxies whose data clients send."""


STOPPED: Final = "it was stopped, and is executed again when it, or what it depends on, is changed, or asked for anew"
"""What is told of something that a user has stopped."""

_STATES: Final = layout_of(ProxyState)


@dataclass(frozen=True, slots=True)
class _Refused:
    error: Exception
    update: ProxyState
    """What was asked for: it may come right with what it depends on."""


class DataModel:
    """One session's pipeline. All methods but the interrupts belong to the service's thread."""

    def __init__(self, sink: Sink, crew: Crew | None = None, watched: Container[int] | None = None) -> None:
        """Begin without any proxy; with a crew, other ranks follow what this one does.

        `watched`: see DataRepresentations.
        """
        install()
        set_up_threads()
        self._pipeline = Pipeline()
        self._team = None
        if crew is not None:
            self._team = Team(PieceWork(self._pipeline, crew.data), crew.data, crew.interrupt)
            crew.listen(self._team.heard)
        self._pipeline.team = self._team
        self._executor = Executor(team=self._team)
        self._heartbeat = Heartbeat(self._executor.sign_of_life)
        self._sink = sink
        self.representations = DataRepresentations(
            self._pipeline, output=self._output, executor=self, sink=sink, team=self._team, watched=watched
        )
        """What is shown of the pipeline."""
        self._request: int | None = None
        self._refused: dict[int, _Refused] = {}
        self._held_back: dict[int, ExecutionFailed] = {}
        self._arriving: dict[int, Assembler] = {}

    @property
    def pipeline(self) -> Pipeline:
        """The proxies, for who works on them as another rank orders."""
        return self._pipeline

    # --- changes

    def update(
        self,
        proxies: Sequence[Mapping[str, Any]],
        note: Callable[[ProxyState], None] = lambda _: None,
        *,
        is_shared: bool = False,
    ) -> None:
        """Create or change proxies, each the map of a ProxyState; what can be read is noted by `note(state)`.

        `is_shared`: others may tell the same anew, with types, when the services have begun anew. That is no change.
        Every one is tried. What fails is remembered: whoever needs that proxy gets the error, until a later update of
        it succeeds; it is tried again when something that it depends on has come right. The first error is raised in
        the end.
        """
        errors: list[Exception] = []
        right: list[int] = []
        if self._team is not None:
            self._team.order("update", proxies=[dict(one) for one in proxies])
        self._release(lambda: {one.get("id") for one in proxies if one.get("type") is None or not is_shared})
        with capture() as captured:  # one for all: to begin and to end one costs as much as a small proxy
            for proxy in proxies:
                try:
                    state = _STATES.read(proxy, "a proxy of an update")
                except MissingField as error:
                    self._refuse_unread(proxy.get("id"), error)
                    errors.append(afresh(error))
                else:
                    note(state)
                    self._try(state, captured, errors, right)
            while right:
                id_ = right.pop()
                for waiting in [one.update for one in self._refused.values() if id_ in _named_sources(one.update)]:
                    self._try(waiting, captured, errors, right)
        if errors:
            raise afresh(errors[0])

    def _refuse_unread(self, id_: object, error: MissingField) -> None:
        if type(id_) is int:
            before = self._refused.get(id_)
            self._refused[id_] = _Refused(afresh(error), ProxyState(id=id_) if before is None else before.update)

    def _try(self, state: ProxyState, captured: Capture, errors: list[Exception], right: list[int]) -> None:
        """Update one; its error is added to those, or its number, if it was refused before.

        What was refused of it before is tried again with it.
        """
        if state.id in self._refused:
            refused = self._refused[state.id].update
            state = with_refused(refused, state, self._names_of(refused, state))
        try:
            self._update_one(state, captured)
        except (VtkError, MissingField) as error:
            self._refused[state.id] = _Refused(afresh(self._first_cause(state, error)), state)
            errors.append(afresh(error))
        else:
            if self._refused.pop(state.id, None) is not None:
                right.append(state.id)

    def hold_back(self, ids: Sequence[int], reason: str) -> None:
        """Execute these no more until they, or what they depend on, are changed: a worker has died of them."""
        for id_ in ids:
            if id_ in self._pipeline:
                self._held_back[id_] = ExecutionFailed(id_, self._name(id_), [held_back(reason)])

    def stop(self, ids: Sequence[int], *, resume: bool) -> None:
        """Execute these no more until they, or what they depend on, are changed; or again, with `resume`."""
        for id_ in ids:
            if resume:
                self._held_back.pop(id_, None)
            elif id_ in self._pipeline:
                self._held_back[id_] = ExecutionFailed(id_, self._name(id_), [STOPPED], stopped=True)

    def _release(self, changed: Callable[[], set[Any]]) -> None:
        """Execute again what depends on these: they were changed."""
        if not self._held_back and not self.representations.any_held_back:
            return
        ids = changed()
        for id_ in [one for one in self._held_back if not self._upstream(one).isdisjoint(ids)]:
            del self._held_back[id_]
        self.representations.release(lambda id_: not self._upstream(id_).isdisjoint(ids))

    def _upstream(self, id_: int) -> set[int]:
        return set(self._pipeline.upstream_order(id_)) if id_ in self._pipeline else {id_}

    def dependent_on(self, ids: Iterable[int]) -> set[int]:
        """Return these, as far as they are there, and all that depends on them."""
        found: set[int] = set()
        stack = [one for one in ids if one in self._pipeline]
        while stack:
            id_ = stack.pop()
            if id_ not in found:
                found.add(id_)
                stack += self._pipeline.proxy(id_).users
        return found

    def delete(self, ids: Sequence[int]) -> None:
        """Delete proxies, and forget what shows them."""
        if self._team is not None:
            self._team.order("delete", ids=list(ids))
            self._team.forget(ids)
        self._pipeline.delete(*(id_ for id_ in ids if id_ in self._pipeline or id_ not in self._refused))
        for id_ in ids:
            self._refused.pop(id_, None)
            self._held_back.pop(id_, None)
            self._executor.forget(id_)
            self._arriving.pop(id_, None)
            self.representations.forget_source(id_)

    # --- execution

    def execute(
        self,
        id_: int,
        port: int,
        *,
        time: float | None = None,
        cancelled: Callable[[], str | None],
        request: int | None = None,
        purpose: object = None,
        whole: bool = False,
        then: Then | None = None,
    ) -> bool:
        """Bring an output up to date; its steps of progress carry the number of the request. Raises ExecutionFailed.

        False if it was interrupted, or not begun: it was `cancelled`, which tells why, or a change of what it depends
        on waits already. `purpose` is what `interrupt` knows it by. What is in pieces is looked
        through; or it is put together, if it is asked for as a `whole`, or `then` is done with it.
        """
        self._raise_refused(id_)
        depends_on = frozenset(self._pipeline.upstream_order(id_))
        then = then or (Streaming.whole if whole else Streaming.describe)
        return self._execute(id_, port, time, cancelled, request, purpose, depends_on, then)

    def execute_for_view(
        self, source: tuple[int, int], time: float | None, *, uninterrupted: bool, purpose: object
    ) -> bool:
        """See Executor.execute_for_view."""
        id_, port = source
        self._raise_refused(id_)
        depends_on = frozenset() if uninterrupted else frozenset((SHOWN_TIME, *self._pipeline.upstream_order(id_)))
        return self._execute(id_, port, time, lambda: None, None, purpose, depends_on, Streaming.draw)

    def _execute(
        self,
        id_: int,
        port: int,
        time: float | None,
        cancelled: Callable[[], str | None],
        request: int | None,
        purpose: object,
        depends_on: frozenset[int],
        then: Then,
    ) -> bool:
        self._request = request
        self._heartbeat.begin()
        try:
            self._executor.execute(
                self._pipeline,
                id_,
                port,
                time=time,
                on_progress=self._progress,
                on_message=self._message,
                cancelled=lambda: cancelled() or self._sink.not_wanted(depends_on),
                purpose=purpose,
                depends_on=depends_on,
                then=then,
            )
            self._sink.settled(self._pipeline.upstream_order(id_), "finished", request)
        except ExecutionInterrupted:
            return False
        except ExecutionFailed as error:
            if error.proxy_id in self._pipeline:
                *before, failed = self._pipeline.upstream_order(error.proxy_id)
                self._sink.settled(before, "finished", request)
                if not error.stopped:
                    self._sink.settled([failed], "failed", request)
            raise
        finally:
            self._heartbeat.end()
        return True

    def interrupt_if_depends(self, ids: Collection[Any]) -> None:
        """End the execution under way if it depends on one of these proxies. From any thread, in microseconds."""
        self._executor.interrupt_if_depends(ids)

    def interrupt_execution_of(self, ids: Collection[Any]) -> None:
        """End the execution under way if it is of one of these proxies. From any thread, in microseconds."""
        self._executor.interrupt_execution_of(ids)

    def interrupt(self, purpose: object) -> None:
        """End the execution under way if it is for that, None: whatever it is for. From any thread, in microseconds."""
        self._executor.interrupt(purpose)

    def tell(self, severity: str, id_: int, text: str) -> None:
        """See Executor.tell."""
        self._tell(severity, id_, self._name(id_), text, {})

    # --- answers

    def information(self, id_: int, port: int) -> dict[str, Any]:
        """Return what an output holds, of a writer what it has written: counts, bounds, arrays with ranges, time steps.

        "filled": what the inputs gave; "offered", of readers: what there is to choose of, and whether it was read.
        """
        proxy = self._pipeline.proxy(id_)
        filled = filled_values(self._pipeline, proxy)
        found = {**self._described(proxy, port), "filled": filled}
        if self._team is not None:
            found["in_pieces"] = self._team.is_in_pieces(id_)
            found["added_up"] = self._team.is_added_up(id_)
            found |= self._team.lines.told(id_)
        offered = offered_by(self._pipeline.proxy(id_))
        return {**found, "offered": offered} if offered else found

    def _described(self, proxy: Proxy, port: int) -> dict[str, Any]:
        if self._team is not None and self._team.is_in_pieces(proxy.id):
            return {**self._team.described(proxy.id), **describe_times(*self._pipeline.output(proxy.id, port))}
        if proxy.in_pieces is not None:
            source = self._pipeline.proxy(proxy.in_pieces.source).instance
            return {**(proxy.in_pieces.summary or describe_data(None)), **describe_times(source)}
        return describe_output(
            *(self._pipeline.output(proxy.id, port) if proxy.composition.outputs else self._what_is_written(proxy))
        )

    def _what_is_written(self, proxy: Proxy) -> tuple[Any, int]:
        """Return the algorithm that makes the first input of something without outputs, and the number of its port."""
        connected = [one for several in proxy.inputs.values() for one in several]
        if not connected:
            raise PipelineError(f"{proxy} has no outputs, and nothing is connected to its input")
        return self._pipeline.output(*connected[0])

    def look_into(self, id_: int) -> dict[str, Any]:
        """Return what the files of a reader have to offer, and at which times; they are looked into, not read."""
        self._raise_refused(id_)
        return look_into(self._pipeline.proxy(id_), self._message)

    def information_properties(self, id_: int) -> dict[str, Any]:
        """Return the values of a proxy's information properties, which its last execution has left."""
        found = information_properties(self._pipeline.proxy(id_))
        return found if self._team is None else {**found, **self._team.properties(id_)}

    def pieces(self, wanted: Fetch, chunk_bytes: int | None) -> Iterator[Packet]:
        """Yield an output as packets, or the part of it that is wanted.

        Raises DataSetError at once if its kind cannot travel, SubsetError if there is no such part.
        """
        data = kept_output(*self._output(wanted.id, wanted.port))
        if wanted.block is not None:
            data = take_block(data, wanted.block)
        if wanted.rows is not None:
            data = take_rows(data, *wanted.rows)
        if wanted.arrays is not None:
            data = keep_arrays(data, list(wanted.arrays))
        encoded = encode(data)
        return (
            Packet(piece.header, piece.buffers)
            for piece in split(encoded, piece_bytes=chunk_bytes or _WHOLE_PIECE_BYTES)
        )

    def rows(self, wanted: Rows) -> Iterator[Packet]:
        """Yield pages of rows of an output, each a table: {"first", "total"} beside it. Raises SubsetError at once."""
        output = kept_output(*self._output(wanted.id, wanted.port))
        columns = None if wanted.columns is None else list(wanted.columns)
        order = Order(wanted.sort_by, wanted.descending) if wanted.sort_by else None
        sheet, first, each = Spreadsheet(output, wanted.association, columns, order), wanted.first, wanted.rows
        if first < 0 or not 1 <= each <= MOST_ROWS:
            raise SubsetError(f"pages begin at row 0 or later and have 1 to {MOST_ROWS} rows, not {first} and {each}")
        return self._pages(sheet, first, each)

    @staticmethod
    def _pages(sheet: Spreadsheet, first: int, each: int) -> Iterator[Packet]:
        total = sheet.number_of_rows
        for begin in range(first, max(total, first + 1), each):
            encoded = encode(sheet.page(begin, each))
            for piece in split(encoded, piece_bytes=_WHOLE_PIECE_BYTES):
                yield Packet({"first": begin, "total": total, "piece": piece.header}, piece.buffers)

    def counting(self, wanted: Histogram) -> Then:
        """Return what counts the values of an output that is in pieces, for `histogram`."""
        sums = CountedPieces((wanted.association, wanted.array), wanted.component, _bins(wanted))
        return partial(Streaming.count, key=repr(wanted), sums=sums)

    def histogram(self, wanted: Histogram) -> dict[str, Any]:
        """Return how many values of an array lie in which bins. Raises GeometryError, VtkError."""
        held, array = self._pipeline.proxy(wanted.id).in_pieces, (wanted.association, wanted.array)
        if self._team is not None and self._team.is_in_pieces(wanted.id):
            self._pipeline.output(wanted.id, wanted.port)  # there is such a port
            counted = self._team.counted(wanted.id, array, wanted.component, _bins(wanted))
        elif held is not None and repr(wanted) in held.made:
            counted = held.made[repr(wanted)]
        else:
            output = kept_output(*self._output(wanted.id, wanted.port))
            counted = count_values(output, array, wanted.component, _bins(wanted))
        counts = [] if counted.limits is None else counted.counts.tolist()
        return {"limits": counted.limits, "counts": counts, "outside": counted.outside}

    @staticmethod
    def folder_of(path: str, *, make: bool) -> AbstractContextManager[None]:
        """Return what has the folder of a file be there, if it is to be made, and stay if the block ends well."""
        from ..vtk.files.writers.staging import folder_made  # late, as all that writes: most sessions only look

        return folder_made(Path(writable_path(path)).parent) if make else nullcontext()

    def save(self, id_: int, port: int, path: str, options: Mapping[str, Any]) -> int:
        """Write an output to a file of the server; returns its size in bytes. Raises FileError.

        What the format leaves out, as it must, is told as a warning.
        """
        with one_at_a_time:
            from ..vtk.files.writers.saved_series import COLLECTION, write_collection
            from ..vtk.files.writers.writing import write_data, written_extension

        output = self._output(id_, port)
        data, place = shallow_output(*output), writable_path(path)
        if written_extension(place) == COLLECTION:
            return self._saved(id_, path, write_collection(place, data, options))
        step = _step(data, describe_output(*output)) if options.get("AddTimeStep") else None
        return self._saved(id_, path, write_data(place, data, options, step))

    def save_times(
        self,
        id_: int,
        port: int,
        path: str,
        options: Mapping[str, Any],
        times: Sequence[float],
        execute_at: Callable[[float], None],
    ) -> int:
        """Write an output at several times, each into a file, and their list; returns their size in bytes.

        Raises FileError, and what `execute_at` raises, with nothing changed.
        """
        with one_at_a_time:
            from ..vtk.files.writers.saved_series import write_series

        def data_at(time: float) -> Any:
            execute_at(time)
            return shallow_output(*self._output(id_, port))

        return self._saved(id_, path, write_series(writable_path(path), times, data_at, options))

    def _saved(self, id_: int, path: str, written: Written) -> int:
        if written.left_out is not None:
            self._tell("warning", id_, self._name(id_), f"{path}: {written.left_out}", {"path": path})
        return written.size_bytes

    def receive(self, id_: int, header: Mapping[str, Any], buffers: Sequence[memoryview], last: bool) -> None:
        """Take a piece of data that a client sends; with the last piece it becomes what the proxy holds.

        A piece that announces a total begins anew: what arrived before it was left incomplete. Raises DataSetError,
        with nothing kept of the data, if it is not what follows what arrived before, UnknownProxy.
        """
        self._pipeline.proxy(id_)  # nothing is gathered for what is not there
        if "total" in header or id_ not in self._arriving:
            self._arriving[id_] = Assembler(RECEIVE_LIMIT_BYTES)
        assembler = self._arriving[id_]
        try:
            assembler.add(header, buffers)
            if not last:
                return
            data = assembler.finish().to_vtk(copy=False)
        except DataSetError:
            del self._arriving[id_]
            raise
        del self._arriving[id_]
        producer = self._pipeline.proxy(id_).instance
        if type(producer).__name__ != HOLDER:
            raise PipelineError(f"{self._pipeline.proxy(id_)} makes its data itself; only a {HOLDER} can be given some")
        if producer.GetOutputDataObject(0) is not None:  # not what a session that begins anew gives it again
            self._release(lambda: {id_})
        producer.SetOutput(data)
        producer.Modified()

    def close(self) -> None:
        """End what runs beside the service's thread, and free what is kept, on that thread."""
        self._heartbeat.close()
        self.representations.close()
        self._pipeline.close()
        self._arriving.clear()

    # --- inside

    def _output(self, id_: int, port: int) -> tuple[Any, int]:
        """Return the algorithm that gives an output, and the number of its port; pieces are put together for it."""
        if self._team is not None and self._team.is_in_pieces(id_):
            self._pipeline.output(id_, port)  # there is such a port
            return self._team.whole(id_), 0
        return self._pipeline.output(id_, port)

    def _update_one(self, state: ProxyState, captured: Capture) -> None:
        id_, known = state.id, state.id in self._pipeline
        type_name = self._type(id_) if known else state.type
        if type_name is None:
            raise MissingField(f"a new proxy needs a field 'type' of type str; {id_} has none")
        named = with_names_of_today(type_name, state.properties, state.inputs, state.objects)
        properties, inputs, objects = sorted_by_kind(type_name, *named)
        try:
            if known:
                if inputs:
                    self._pipeline.connect(id_, inputs)
                adjustments = self._pipeline.modify(id_, properties, objects, list(state.unset))
            else:
                adjustments = self._pipeline.create(id_, type_name, properties, inputs, objects)
        finally:
            reports = captured.take()
        if reports:
            for message in messages_of(self._pipeline.proxy(id_), reports):
                self._message(message)
        for adjustment in adjustments:
            text = f"{adjustment.property} was set to {adjustment.actual!r}, not to {adjustment.requested!r}"
            self._tell("warning", id_, self._name(id_), f"VTK adjusted a value: {text}", adjustment.to_dict())

    def _names_of(self, *states: ProxyState) -> frozenset[str]:
        """Return what properties and inputs a proxy has, none if it has no type that there is."""
        try:
            types = [self._type(states[0].id)] if states[0].id in self._pipeline else [one.type for one in states]
            definition = composition(next(filter(None, types), "")).definition
        except VtkError:
            return frozenset()
        return frozenset((*definition.by_name, *definition.ports))

    def _first_cause(self, proxy: ProxyState, error: Exception) -> Exception:
        """Return the error of the source that could not be made, where that is why this proxy is not connected."""
        refused = (self._refused.get(source) for source in _named_sources(proxy))
        return next((one.error for one in refused if one is not None), error)

    def _raise_refused(self, id_: int) -> None:
        if not self._refused and not self._held_back:
            return
        if id_ in self._refused:
            raise afresh(self._refused[id_].error)
        for upstream in self._pipeline.upstream_order(id_):
            if upstream in self._refused:
                raise afresh(self._refused[upstream].error)
            if upstream in self._held_back:
                raise afresh(self._held_back[upstream])

    def _name(self, id_: int) -> str:
        return self._pipeline.proxy(id_).type_name if id_ in self._pipeline else "?"

    def _type(self, id_: int) -> str:
        """Return the name of a proxy's type, as clients tell it: Sphere is a source, objects/Sphere is not."""
        proxy = self._pipeline.proxy(id_)
        return f"{OBJECTS}{proxy.type_name}" if proxy.is_object else proxy.type_name

    def _progress(self, step: ProgressStep) -> None:
        self._sink.publish_progress(
            {
                "service": "data",
                "proxy": step.proxy_id,
                "name": step.name,
                "fraction": step.fraction,
                "state": step.state,
                "request": self._request,
                "silent_s": step.silent_s,
            }
        )

    def _message(self, message: Message) -> None:
        details = {"property": message.property} if message.property else {}
        self._tell(message.severity, message.proxy_id, message.type_name, message.text, details)

    def _tell(self, severity: str, id_: int, type_name: str, text: str, details: dict[str, Any]) -> None:
        self._sink.publish_message(
            {"severity": severity, "proxy": id_, "name": type_name, "text": text[:4096], "details": details}
        )


def _named_sources(state: ProxyState) -> list[Any]:
    """Return the numbers of the proxies that an update names as inputs and objects."""
    return [*(id_ for ports in state.inputs.values() for id_, _ in ports), *state.objects.values()]


def _step(data: Any, described: Mapping[str, Any]) -> int | None:
    """Return the number of the time that data is of, among those that its source has; None if it is none of them."""
    steps: list[float] = described["time_steps"]
    information = None if data is None else data.GetInformation()
    time = information.Get(data.DATA_TIME_STEP()) if information and information.Has(data.DATA_TIME_STEP()) else None
    return steps.index(time) if time in steps else None


def _bins(wanted: Histogram) -> Bins:
    if not 1 <= wanted.bins <= MOST_BINS or (wanted.limits is not None and len(wanted.limits) != 2):
        raise SubsetError(f"a histogram has 1 to {MOST_BINS} bins, between two limits or none, not {wanted.bins}")
    limits = None if wanted.limits is None else (wanted.limits[0], wanted.limits[1])
    return Bins(wanted.bins, own=limits)
