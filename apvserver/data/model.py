"""What the data service keeps: the pipeline, its execution, and how outputs become packets. Owns VTK objects."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from async_paraview.datasets import Assembler, DataSetError, encode, split
from services_core import DEFAULT_LIMITS, Packet

from ..operations import MissingField, field, pair
from ..vtk.base.data_roots import allowed_path
from ..vtk.base.errors import ExecutionInterrupted, PipelineError, SubsetError, VtkBridgeError, afresh
from ..vtk.base.information import describe_output, shallow_output
from ..vtk.base.threads import set_up_threads
from ..vtk.base.vtk_messages import Message, capture, install
from ..vtk.data.spreadsheet import Spreadsheet
from ..vtk.data.subsets import keep_arrays, take_block, take_rows
from ..vtk.files.writers.saved_series import write_series
from ..vtk.files.writers.writing import Written, write_data
from ..vtk.pipeline.about import messages_of
from ..vtk.pipeline.execution import Executor
from ..vtk.pipeline.filling import filled_values
from ..vtk.pipeline.offers import look_into, offered_by
from ..vtk.pipeline.progress import ProgressStep
from ..vtk.pipeline.proxies import Pipeline
from ..vtk.types.information_properties import readings
from ..vtk.types.property_routes import sorted_out
from .heartbeat import Pulse
from .representations import Showing
from .waiting_changes import SHOWN_TIME

_log = logging.getLogger(__name__)

_WHOLE_PIECE_BYTES: Final = DEFAULT_LIMITS.message_bytes
RECEIVE_LIMIT_BYTES: Final = 64 * 1024**3
"""Largest data set that a client may send: 64 GiB."""

MOST_ROWS: Final = 100_000
"""Of a page of a spreadsheet."""

HOLDER: Final = "vtkTrivialProducer"
"""The class of proxies whose data clients send."""


@dataclass(frozen=True, slots=True)
class _Refused:
    error: Exception
    update: dict[str, Any]
    """What was asked for: it may come right with what it depends on."""


class DataModel:
    """One session's pipeline. All methods but the interrupts belong to the service's thread."""

    def __init__(
        self,
        *,
        publish_progress: Callable[[dict[str, Any]], None],
        publish_message: Callable[[dict[str, Any]], None],
        send_geometry: Callable[[Packet], None],
        stopping: Callable[[], bool],
        overtaken: Callable[[frozenset[int]], bool],
    ) -> None:
        install()
        set_up_threads()
        self._pipeline = Pipeline()
        self._executor = Executor()
        self._pulse = Pulse(self._executor.sign_of_life)
        self._publish_progress = publish_progress
        self._publish_message = publish_message
        self._stopping = stopping
        self._overtaken = overtaken
        self.showing = Showing(
            self._pipeline,
            execute=self._execute_for_showing,
            send=send_geometry,
            tell=lambda severity, id_, text: self._tell(severity, id_, self._name(id_), text, {}),
        )
        """What is shown of the pipeline."""
        self._request: int | None = None
        self._refused: dict[int, _Refused] = {}
        self._arriving: dict[int, Assembler] = {}

    # --- changes

    def update(self, proxies: list[Any]) -> None:
        """Create or change proxies, each {"id", "type", "properties", "inputs", "objects", "unset"}.

        Every one is tried. What fails is remembered: whoever needs that proxy gets the error, until a later update of
        it succeeds; it is tried again when something that it depends on has come right. The first error is raised in
        the end.
        """
        errors: list[Exception] = []
        right: list[int] = []
        for proxy in proxies:
            self._try(proxy, errors, right)
        while right:
            id_ = right.pop()
            for waiting in [one.update for one in self._refused.values() if id_ in _named_sources(one.update)]:
                self._try(waiting, errors, right)
        if errors:
            raise afresh(errors[0])

    def _try(self, proxy: dict[str, Any], errors: list[Exception], right: list[int]) -> None:
        """Update one; its error is added to those, or its number, if it was refused before."""
        id_ = field(proxy, "id", int)
        try:
            self._update_one(id_, proxy)
        except (VtkBridgeError, MissingField) as error:
            self._refused[id_] = _Refused(afresh(self._first_cause(proxy, error)), proxy)
            errors.append(afresh(error))
        else:
            if self._refused.pop(id_, None) is not None:
                right.append(id_)

    def delete(self, ids: list[Any]) -> None:
        """Delete proxies, and forget what shows them."""
        self._pipeline.delete(*(id_ for id_ in ids if id_ in self._pipeline or id_ not in self._refused))
        for id_ in ids:
            self._refused.pop(id_, None)
            self._executor.forget(id_)
            self._arriving.pop(id_, None)
            self.showing.forget_source(id_)

    # --- execution

    def execute(
        self,
        id_: int,
        port: int,
        *,
        time: float | None = None,
        unwanted: Callable[[], bool],
        request: int | None = None,
        purpose: object = None,
    ) -> bool:
        """Bring an output up to date; its steps of progress carry the number of the request. Raises ExecutionFailed.

        False if it was interrupted, or not begun because a change of what it depends on waits already. `purpose` is
        what `interrupt` knows it by.
        """
        self._raise_refused(id_)
        depends_on = frozenset(self._pipeline.upstream_order(id_))
        return self._execute(id_, port, time, unwanted, request, purpose, depends_on)

    def _execute_for_showing(
        self, source: tuple[int, int], time: float | None, heedless: bool, purpose: object
    ) -> bool:
        """If `heedless`, changes of what is shown are not looked at."""
        id_, port = source
        self._raise_refused(id_)
        depends_on = frozenset() if heedless else frozenset((SHOWN_TIME, *self._pipeline.upstream_order(id_)))
        return self._execute(id_, port, time, lambda: False, None, purpose, depends_on)

    def _execute(
        self,
        id_: int,
        port: int,
        time: float | None,
        unwanted: Callable[[], bool],
        request: int | None,
        purpose: object,
        depends_on: frozenset[int],
    ) -> bool:
        self._request = request
        self._pulse.begin()
        try:
            self._executor.execute(
                self._pipeline,
                id_,
                port,
                time=time,
                on_progress=self._progress,
                on_message=self._message,
                should_stop=lambda: self._stopping() or unwanted() or self._overtaken(depends_on),
                purpose=purpose,
                depends_on=depends_on,
            )
        except ExecutionInterrupted:
            return False
        finally:
            self._pulse.end()
        return True

    def interrupt_if_depends(self, ids: Collection[Any]) -> None:
        """End the execution under way if it depends on one of these proxies. From any thread, in microseconds."""
        self._executor.interrupt_if_depends(ids)

    def interrupt(self, purpose: object) -> None:
        """End the execution under way if it is for that. From any thread, in microseconds."""
        self._executor.interrupt(purpose)

    # --- answers

    def information(self, id_: int, port: int) -> dict[str, Any]:
        """What an output holds: counts, bounds, arrays with ranges, time steps; "filled": what the inputs gave;
        "offered", of readers: what there is to choose of, and whether it was read."""
        filled = filled_values(self._pipeline, self._pipeline.proxy(id_))
        found = {**describe_output(*self._pipeline.output(id_, port)), "filled": filled}
        offered = offered_by(self._pipeline.proxy(id_))
        return {**found, "offered": offered} if offered else found

    def look_into(self, id_: int) -> dict[str, Any]:
        """What the files of a reader have to offer, and at which times; they are looked into, not read."""
        self._raise_refused(id_)
        return look_into(self._pipeline.proxy(id_), self._message)

    def readings(self, id_: int) -> dict[str, Any]:
        """The values of a proxy's information properties, which its last execution has left."""
        return readings(self._pipeline.proxy(id_))

    def pieces(self, id_: int, port: int, chunk_bytes: int | None, part: Mapping[str, Any]) -> Iterator[Packet]:
        """An output as packets, or what `part` takes of it: "block", "rows", "arrays".

        Raises DataSetError at once if its kind cannot travel, SubsetError if there is no such part.
        """
        data = shallow_output(*self._pipeline.output(id_, port))
        if part.get("block") is not None:
            data = take_block(data, field(part, "block", int))
        if part.get("rows") is not None:
            first, end = pair(part, "rows")
            data = take_rows(data, first, end)
        if part.get("arrays") is not None:
            data = keep_arrays(data, [(str(one[0]), str(one[1])) for one in field(part, "arrays", list)])
        encoded = encode(data)
        return (
            Packet(piece.header, piece.buffers)
            for piece in split(encoded, piece_bytes=chunk_bytes or _WHOLE_PIECE_BYTES)
        )

    def rows(self, id_: int, port: int, part: Mapping[str, Any]) -> Iterator[Packet]:
        """Pages of rows of an output, each a table: {"first", "total"} beside it. Raises SubsetError at once."""
        columns = None if part.get("columns") is None else [str(one) for one in field(part, "columns", list)]
        sheet = Spreadsheet(shallow_output(*self._pipeline.output(id_, port)), field(part, "association", str), columns)
        first, each = field(part, "first", int, 0), field(part, "rows", int, 1000)
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

    def save(self, id_: int, port: int, path: str, options: Mapping[str, Any]) -> int:
        """Write an output to a file of the server; returns its size in bytes. Raises FileError.

        What the format leaves out, as it must, is told as a warning.
        """
        written = write_data(allowed_path(path), shallow_output(*self._pipeline.output(id_, port)), options)
        return self._saved(id_, path, written)

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

        def data_at(time: float) -> Any:
            execute_at(time)
            return shallow_output(*self._pipeline.output(id_, port))

        return self._saved(id_, path, write_series(allowed_path(path), times, data_at, options))

    def _saved(self, id_: int, path: str, written: Written) -> int:
        if written.left_out is not None:
            self._tell("warning", id_, self._name(id_), f"{path}: {written.left_out}", {"path": path})
        return written.size_bytes

    def receive(self, id_: int, header: Mapping[str, Any], buffers: Sequence[memoryview], last: bool) -> None:
        """Take a piece of data that a client sends; with the last one it becomes what the proxy holds.

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
        producer.SetOutput(data)
        producer.Modified()

    def close(self) -> None:
        """End what runs beside the service's thread, and free what is kept, on that thread."""
        self._pulse.close()
        self.showing.close()
        self._pipeline.close()
        self._arriving.clear()

    # --- inside

    def _update_one(self, id_: int, proxy: dict[str, Any]) -> None:
        unset = field(proxy, "unset", list, [])
        if not all(isinstance(name, str) for name in unset):
            raise MissingField(f"'unset' is a list of names of properties, not {unset!r:.80}")
        known = id_ in self._pipeline
        type_name = self._name(id_) if known else field(proxy, "type", str)
        properties, inputs, objects = sorted_out(
            type_name, *(field(proxy, key, dict, {}) for key in ("properties", "inputs", "objects"))
        )
        with capture() as captured:
            if known:
                self._pipeline.connect(id_, inputs)
                adjustments = self._pipeline.modify(id_, properties, objects, unset)
            else:
                adjustments = self._pipeline.create(id_, type_name, properties, inputs, objects)
        for message in messages_of(self._pipeline.proxy(id_), captured.reports):
            self._message(message)
        for adjustment in adjustments:
            text = f"{adjustment.property} was set to {adjustment.actual!r}, not to {adjustment.requested!r}"
            self._tell("warning", id_, self._name(id_), f"VTK adjusted a value: {text}", adjustment.to_dict())

    def _first_cause(self, proxy: dict[str, Any], error: Exception) -> Exception:
        """The error of the source that could not be made, where that is why this proxy could not be connected."""
        refused = (self._refused.get(source) for source in _named_sources(proxy))
        return next((one.error for one in refused if one is not None), error)

    def _raise_refused(self, id_: int) -> None:
        if id_ in self._refused:
            raise afresh(self._refused[id_].error)
        for upstream in self._pipeline.upstream_order(id_):
            if upstream in self._refused:
                raise afresh(self._refused[upstream].error)

    def _name(self, id_: int) -> str:
        return self._pipeline.proxy(id_).type_name if id_ in self._pipeline else "?"

    def _progress(self, step: ProgressStep) -> None:
        self._publish_progress(
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
        self._publish_message(
            {"severity": severity, "proxy": id_, "name": type_name, "text": text[:4096], "details": details}
        )


def _named_sources(proxy: Mapping[str, Any]) -> list[Any]:
    """The numbers of the proxies that an update names as inputs and objects."""
    ports = [port for ports in field(proxy, "inputs", dict, {}).values() for port in ports]
    return [*(port[0] for port in ports), *field(proxy, "objects", dict, {}).values()]
