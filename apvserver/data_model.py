"""What the data service keeps: the pipeline, what is shown of it, and how that becomes packets. Owns VTK objects."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

import numpy as np

from servermanager.datasets import Assembler, DataSetError, encode, split
from services_core import DEFAULT_LIMITS, Packet

from .operations import MissingField, field, pair
from .pulse import Pulse
from .vtk_bridge.checks import PropertySet
from .vtk_bridge.errors import ExecutionInterrupted, PipelineError, SubsetError, VtkBridgeError
from .vtk_bridge.execution import Executor
from .vtk_bridge.extractors import EXTRACTORS, GEOMETRY
from .vtk_bridge.files import allowed_path
from .vtk_bridge.geometry import CELLS, POINTS, unknown_name
from .vtk_bridge.information import describe_output, shallow_output
from .vtk_bridge.messages import Message, install
from .vtk_bridge.origins import Origins, StaleGeometry, blocks_of, values_at
from .vtk_bridge.pipeline import Pipeline
from .vtk_bridge.progress import ProgressStep
from .vtk_bridge.readings import readings
from .vtk_bridge.routing import sorted_out
from .vtk_bridge.spreadsheet import Spreadsheet
from .vtk_bridge.subsets import keep_arrays, take_block, take_rows
from .vtk_bridge.threads import set_up_threads
from .vtk_bridge.writers import write_data

_log = logging.getLogger(__name__)

_WHOLE_PIECE_BYTES: Final = DEFAULT_LIMITS.message_bytes
RECEIVE_LIMIT_BYTES: Final = 64 * 1024**3
"""Largest data set that a client may send: 64 GiB."""

MOST_ROWS: Final = 100_000
"""Of a page of a spreadsheet."""

PATIENCE_S: Final = 0.25
"""For so long newer changes may keep what is shown from being brought up to date: while something moves all the time,
every so often one of its places is seen."""

HOLDER: Final = "vtkTrivialProducer"
"""The class of proxies whose data clients send."""


@dataclass(slots=True)
class Shown:
    """One representation's data half: which output it shows, and how far that has got."""

    view: int
    source: tuple[int, int]
    properties: PropertySet
    kind: str = GEOMETRY
    """Of the view that draws it: EXTRACTORS has how it is extracted for that."""
    sent: int | None = None
    """Modification time of the output that was sent last."""
    version: int = 0
    """Counts what was sent."""
    failure: Exception | None = None
    origins: Origins | None = None
    """Made when somebody asks where what is shown of this version comes from."""
    behind_since: float | None = None
    """When bringing it up to date was first interrupted since it last succeeded."""
    refused: Exception | None = None
    """Why the properties that were asked for last are not those that are used."""


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
        self._send_geometry = send_geometry
        self._stopping = stopping
        self._overtaken = overtaken
        self._shown: dict[int, Shown] = {}
        self._time: float | None = None
        self._refreshing = False
        self._executing: frozenset[int] = frozenset()
        self._request: int | None = None
        self._refused: dict[int, Exception] = {}
        self._arriving: dict[int, Assembler] = {}

    # --- changes

    def update(self, proxies: list[Any]) -> None:
        """Create or change proxies, each {"id", "type", "properties", "inputs"}.

        Every one is tried. What fails is remembered: whoever needs that proxy gets the error, until a later update of
        it succeeds. The first error is raised in the end.
        """
        errors: list[Exception] = []
        for proxy in proxies:
            id_ = field(proxy, "id", int)
            try:
                self._update_one(id_, proxy)
                self._refused.pop(id_, None)
            except (VtkBridgeError, MissingField) as error:
                self._refused[id_] = self._first_cause(proxy, error)
                errors.append(error)
        if errors:
            raise errors[0]

    def delete(self, ids: list[Any]) -> None:
        """Delete proxies, and forget what shows them."""
        for id_ in ids:
            if id_ in self._pipeline:
                self._pipeline.delete(id_)
            elif id_ not in self._refused:
                self._pipeline.proxy(id_)
            self._refused.pop(id_, None)
            self._executor.forget(id_)
            self._arriving.pop(id_, None)
            for representation in [key for key, shown in self._shown.items() if shown.source[0] == id_]:
                self.forget(representation)

    def show(
        self,
        representation: int,
        *,
        view: int,
        source: tuple[int, int],
        properties: Mapping[str, object],
        kind: str = GEOMETRY,
    ) -> None:
        """Show an output in a view of that kind from now on, extracted as the properties ask.

        What is wrong with them is raised, and again by `raise_failure_of`.
        """
        if kind not in EXTRACTORS:
            raise PipelineError(unknown_name("kind of view", kind, EXTRACTORS))
        known = self._shown.get(representation)
        try:
            wanted = EXTRACTORS[kind].properties(properties)
        except VtkBridgeError as error:
            shown = self._shown[representation] = known or Shown(view, source, EXTRACTORS[kind].properties({}), kind)
            shown.refused = error
            raise
        if known is None or (known.view, known.source, known.kind) != (view, source, kind):
            self._shown[representation] = Shown(view, source, wanted, kind)
            return
        if not EXTRACTORS[kind].same(known.properties, wanted):
            known.sent = None
        known.properties, known.refused = wanted, None

    def set_time(self, time: float | None) -> None:
        """Show what is shown at that time from now on; None: as it was asked for last."""
        self._time = time

    def forget(self, representation: int) -> None:
        """Show it no more."""
        self._shown.pop(representation, None)

    # --- execution

    def execute(
        self,
        id_: int,
        port: int,
        *,
        time: float | None = None,
        unwanted: Callable[[], bool],
        request: int | None = None,
        heedless: bool = False,
    ) -> bool:
        """Bring an output up to date; its steps of progress carry the number of the request. Raises ExecutionFailed.

        False if it was interrupted, or not begun because a change of what it depends on waits already; if `heedless`,
        such changes are not looked at.
        """
        self._raise_refused(id_)
        self._executing = frozenset() if heedless else frozenset(self._pipeline.upstream_order(id_))
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
                should_stop=lambda: self._stopping() or unwanted() or self._overtaken(self._executing),
            )
        except ExecutionInterrupted:
            return False
        finally:
            self._pulse.end()
            self._executing = frozenset()
        return True

    def interrupt_if_depends(self, ids: Collection[Any]) -> None:
        """End the execution under way if it depends on one of these proxies. From any thread, in microseconds."""
        if not self._executing.isdisjoint(ids):
            self._executor.interrupt()

    def interrupt_refresh(self) -> None:
        """End the execution under way if it is for what is shown. From any thread, in microseconds."""
        if self._refreshing:
            self._executor.interrupt()

    def interrupt(self) -> None:
        """End the execution under way. From any thread, in microseconds."""
        self._executor.interrupt()

    def refresh(self) -> bool:
        """Bring all that is shown up to date and send what changed to the render service.

        False if it was interrupted and is to be tried again. A failure is kept for `raise_failure_of` and published.
        """
        for representation, shown in list(self._shown.items()):
            try:
                self._refreshing = True
                if not self.execute(*shown.source, time=self._time, unwanted=lambda: False, heedless=_is_late(shown)):
                    shown.behind_since = shown.behind_since or monotonic()
                    return False
                self._send_if_changed(representation, shown)
                shown.failure = shown.behind_since = None
            except (VtkBridgeError, DataSetError) as error:
                if str(error) != str(shown.failure):
                    self._tell("error", shown.source[0], self._name(shown.source[0]), str(error), {})
                shown.failure = error
            finally:
                self._refreshing = False
        return True

    def raise_failure_of(self, view: int) -> None:
        """Raises the error of what the view should show but cannot."""
        for shown in self._shown.values():
            error = shown.refused or shown.failure
            if shown.view == view and error is not None:
                raise error.with_traceback(None)

    # --- answers

    def information(self, id_: int, port: int) -> dict[str, Any]:
        """What an output holds: counts, bounds, arrays with ranges, time steps."""
        return describe_output(*self._pipeline.output(id_, port))

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
        """Write an output to a file of the server; returns its size in bytes. Raises FileError."""
        return write_data(allowed_path(path), shallow_output(*self._pipeline.output(id_, port)), options)

    def receive(self, id_: int, header: Mapping[str, Any], buffers: Sequence[memoryview], last: bool) -> None:
        """Take a piece of data that a client sends; with the last one it becomes what the proxy holds.

        Raises DataSetError, with nothing kept of the data, if it is not what follows what arrived before.
        """
        assembler = self._arriving.setdefault(id_, Assembler(RECEIVE_LIMIT_BYTES))
        try:
            assembler.add(header, buffers)
            if not last:
                return
            data = assembler.finish().to_vtk()
        except DataSetError:
            del self._arriving[id_]
            raise
        del self._arriving[id_]
        producer = self._pipeline.proxy(id_).instance
        if type(producer).__name__ != HOLDER:
            raise PipelineError(f"{self._pipeline.proxy(id_)} makes its data itself; only a {HOLDER} can be given some")
        producer.SetOutput(data)
        producer.Modified()

    def origin(self, representation: int, version: int, *, cell: int | None, point: int) -> dict[str, Any]:
        """Where something that is drawn comes from: {"id", "port", "block", "cell", "point", "cell_values",
        "point_values"}. Raises StaleGeometry if newer data is shown by now.
        """
        shown, origins = self._origins(representation, version)
        blocks, points = origins.of(POINTS, np.array([point]))
        cells = None if cell is None else origins.of(CELLS, np.array([cell]))[1]
        data = dict(blocks_of(self._output(shown)))[int(blocks[0])]
        found: dict[str, Any] = {"id": shown.source[0], "port": shown.source[1], "block": int(blocks[0])}
        found |= {"point": int(points[0]), "point_values": values_at(data, POINTS, int(points[0]))}
        cell_values = {} if cells is None else values_at(data, CELLS, int(cells[0]))
        return {**found, "cell": None if cells is None else int(cells[0]), "cell_values": cell_values}

    def select(self, representation: int, version: int, association: str, drawn: bytes) -> dict[str, Any]:
        """The points or cells that drawn ones (int64) come from: {"id", "port", "ids": [block, id, block, id, ...]}."""
        shown, origins = self._origins(representation, version)
        ids = np.frombuffer(drawn, np.int64)
        found = np.unique(np.column_stack(origins.of(CELLS if association == CELLS else POINTS, ids)), axis=0)
        return {"id": shown.source[0], "port": shown.source[1], "ids": found.ravel().tolist()}

    def close(self) -> None:
        """End what runs beside the service's thread."""
        self._pulse.close()

    # --- inside

    def _origins(self, representation: int, version: int) -> tuple[Shown, Origins]:
        shown = self._shown.get(representation)
        if shown is None or shown.version != version:
            raise StaleGeometry("the picture shows older data than there is now: look again")
        if shown.origins is None:
            shown.origins = Origins(self._output(shown), shown.properties)
        return shown, shown.origins

    def _output(self, shown: Shown) -> Any:
        algorithm, number = self._pipeline.output(*shown.source)
        if algorithm.GetOutputDataObject(number).GetMTime() != shown.sent:
            raise StaleGeometry("the picture shows older data than there is now: look again")
        return shallow_output(algorithm, number)

    def _update_one(self, id_: int, proxy: dict[str, Any]) -> None:
        properties, inputs = field(proxy, "properties", dict, {}), field(proxy, "inputs", dict, {})
        objects = field(proxy, "objects", dict, {})
        known = id_ in self._pipeline
        type_name = self._name(id_) if known else field(proxy, "type", str)
        inputs, objects = sorted_out(type_name, inputs, objects)
        if known:
            self._pipeline.connect(id_, inputs)
            adjustments = self._pipeline.modify(id_, properties, objects)
        else:
            adjustments = self._pipeline.create(id_, type_name, properties, inputs, objects)
        for adjustment in adjustments:
            text = f"{adjustment.property} was set to {adjustment.actual!r}, not to {adjustment.requested!r}"
            self._tell("warning", id_, self._name(id_), f"VTK adjusted a value: {text}", adjustment.to_plain())

    def _first_cause(self, proxy: dict[str, Any], error: Exception) -> Exception:
        """The error of the source that could not be made, where that is why this proxy could not be connected."""
        ports = [port for ports in field(proxy, "inputs", dict, {}).values() for port in ports]
        sources = [*(port[0] for port in ports), *field(proxy, "objects", dict, {}).values()]
        return next((self._refused[source] for source in sources if source in self._refused), error)

    def _raise_refused(self, id_: int) -> None:
        if id_ in self._refused:
            raise self._refused[id_].with_traceback(None)
        for upstream in self._pipeline.upstream_order(id_):
            if upstream in self._refused:
                raise self._refused[upstream].with_traceback(None)

    def _name(self, id_: int) -> str:
        return self._pipeline.proxy(id_).type_name if id_ in self._pipeline else "?"

    def _send_if_changed(self, representation: int, shown: Shown) -> None:
        id_, port = shown.source
        algorithm, number = self._pipeline.output(id_, port)
        output = algorithm.GetOutputDataObject(number)
        if shown.sent == output.GetMTime():
            return
        made = EXTRACTORS[shown.kind].extract(shallow_output(algorithm, number), shown.properties)
        shown.version, shown.origins = shown.version + 1, None
        facts = {**made.to_plain(), "version": shown.version}
        to = {"op": "geometry", "representation": representation, "view": shown.view, "kind": shown.kind}
        for name, part in made.parts.items():
            for piece in split(encode(part), piece_bytes=_WHOLE_PIECE_BYTES):
                self._send_geometry(Packet({**to, "part": name, "piece": piece.header}, piece.buffers))
        self._send_geometry(Packet({**to, "facts": facts}))
        shown.sent = output.GetMTime()

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
        self._tell(message.severity, message.proxy_id, message.type_name, message.text, {})

    def _tell(self, severity: str, id_: int, type_name: str, text: str, details: dict[str, Any]) -> None:
        self._publish_message(
            {"severity": severity, "proxy": id_, "name": type_name, "text": text[:4096], "details": details}
        )


def _is_late(shown: Shown) -> bool:
    return shown.behind_since is not None and monotonic() - shown.behind_since > PATIENCE_S
