"""The data service: keeps the pipeline, executes it, tells what it holds, and feeds geometry to the render service."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from services_core import (
    Busy,
    Closed,
    ConnectionLost,
    IncomingCall,
    Kind,
    Packet,
    RemoteError,
    RequestCancelled,
    Service,
    ServiceClient,
    ServiceEndpoint,
    ServicesError,
    StreamWriter,
)
from services_core.payload import pack_payload, unpack_payload

from ..operations import MissingField, Operation, Result, dispatch, field
from .concurrent_queries import Aside
from .waiting_changes import SHOWN_TIME, WaitingChanges

if TYPE_CHECKING:
    from .model import DataModel

_log = logging.getLogger(__name__)

SWITCH_S = 0.0005
"""How long a thread may keep the interpreter while others want it: built in, the client's loop is among them."""

REFRESH_AGAIN_S = 0.05
"""So long after changes that wait have kept what is shown from being brought up to date that is tried again anyway."""

CHANGES = frozenset({"update", "delete", "set_time"})

ASIDE = frozenset({"choose_reader", "definition", "definitions", "list_files", "types"})
"""Requests that need nothing of the pipeline: they are answered while a filter executes."""


def _log_fault(error: ServicesError) -> None:
    """The render service could not take geometry. That nothing can be rendered is told to whoever wants a picture."""
    unusable = isinstance(error, RemoteError) and error.type_name == "OpenGLUnavailable"
    _log.log(logging.DEBUG if unusable else logging.WARNING, "geometry could not be shown: %s", error)


class DataService(Service):
    """Sequential: one packet after the other. The model, and with it VTK, is imported on the service's own thread.

    A change of a proxy that an execution under way depends on interrupts that execution, in preview.
    """

    def __init__(self, connect_render: Callable[[], ServiceEndpoint], name: str = "data") -> None:
        super().__init__(name)
        self._connect_render = connect_render
        self._render: ServiceEndpoint | None = None
        self._model: DataModel | None = None
        self._streams: dict[str, set[StreamWriter]] = {"progress": set(), "messages": set()}
        self._streams_lock = threading.Lock()
        self._last_step: dict[str, Any] | None = None
        self._aside = Aside(self._answer_aside)
        self._refresh_scheduled = False
        self._changes = WaitingChanges()
        self._operations: dict[str, Operation] = {
            "update": self._update,
            "delete": self._delete,
            "show": self._show,
            "forget": self._forget,
            "set_time": self._set_time,
            "flush": self._flush,
            "sync": self._sync,
            "update_pipeline": self._update_pipeline,
            "property_information": self._property_information,
            "offered": self._offered,
            "fetch": self._fetch,
            **dict.fromkeys(ASIDE, self._look_up),
            "save_data": self._save_data,
            "rows": self._rows,
            "origin": self._origin,
            "select": self._select,
            "receive": self._receive,
            "progress": self._subscribe,
            "messages": self._subscribe,
        }

    # --- hooks of Service

    def started(self) -> None:
        """Import VTK and make the model, here and not on anybody's event loop."""
        from ..vtk.base.threads import yield_to_others
        from .model import DataModel

        yield_to_others()
        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_S))
        try:
            self._render = self._connect_render()
        except Closed:
            return  # the session was closed before it began: nothing will be processed
        self._render.add_fault_callback(_log_fault)
        self._model = DataModel(
            publish_progress=lambda step: self._publish("progress", step),
            publish_message=lambda message: self._publish("messages", message),
            send_geometry=self._send_geometry,
            stopping=lambda: self.stopping,
            overtaken=self._changes.overtake,
        )

    def stopped(self) -> None:
        """Say goodbye to the render service."""
        self._aside.close()
        if self._model is not None:
            self._model.close()
        if self._render is not None:
            self._render.close()

    def preview(self, incoming: IncomingCall) -> None:
        """Interrupt an execution that this change makes useless; begin a stream even while one executes."""
        header = incoming.packet.header
        if not isinstance(header, dict):
            return
        if incoming.stream is not None and header.get("op") in self._streams:
            self._begin_stream(header["op"], incoming.stream)
        if header.get("op") in ASIDE and incoming.kind is Kind.REQUEST:
            self._aside.take(incoming)
        if header.get("op") in CHANGES:
            changed = _changed_ids(header)
            self._changes.arrived(incoming, changed)  # before: what begins to execute meanwhile looks at that
            if self._model is not None:
                self._model.interrupt_if_depends(changed)

    def cancelled(self, incoming: IncomingCall) -> None:
        """Interrupt the execution that nobody waits for any more."""
        if self._model is not None:
            self._model.interrupt(incoming)

    def client_left(self, client: ServiceClient) -> None:
        """What it still wanted to change will not be changed."""
        self._changes.left(client)

    def process(self, incoming: IncomingCall) -> Result:
        """See Service.process; docs/protocol.md lists the operations."""
        self._changes.taken(incoming)
        return dispatch(self.name, self._operations, incoming)

    # --- one-way operations

    def _update(self, incoming: IncomingCall, header: dict[str, Any]) -> None:
        proxies = unpack_payload(incoming.packet) if incoming.packet.buffers else field(header, "proxies", list)
        if not isinstance(proxies, list) or not all(isinstance(one, dict) for one in proxies):
            raise MissingField("an update needs a list of proxies, each a map, in its header or its buffer")
        self._the_model.update(proxies)
        self._schedule_refresh()

    def _delete(self, incoming: IncomingCall, header: dict[str, Any]) -> None:
        ids = field(header, "ids", list)
        if not all(type(one) is int for one in ids):
            raise MissingField(f"a delete needs the ids of proxies, integers, got {ids!r:.80}")
        self._the_model.delete(ids)
        self._schedule_refresh()

    def _show(self, incoming: IncomingCall, header: dict[str, Any]) -> None:
        try:
            self._the_model.showing.show(
                field(header, "representation", int),
                view=field(header, "view", int),
                source=(field(header, "id", int), field(header, "port", int, 0)),
                properties=field(header, "extract", dict, {}),
                kind=field(header, "kind", str, "RenderView"),
            )
        finally:  # what is right of it is shown
            self._schedule_refresh()

    def _forget(self, incoming: IncomingCall, header: dict[str, Any]) -> None:
        self._the_model.showing.forget(field(header, "representation", int))

    def _set_time(self, incoming: IncomingCall, header: dict[str, Any]) -> None:
        self._the_model.showing.set_time(_time(header))
        self._schedule_refresh()

    # --- requests

    def _flush(self, incoming: IncomingCall, header: dict[str, Any]) -> None:
        """Answer when all that the view shows has reached the render service; with the error if some of it failed."""
        if not self._refresh(incoming):
            raise RequestCancelled("bringing the view up to date was interrupted: a newer change made it useless")
        self._the_model.showing.raise_failure_of(field(header, "view", int))
        assert self._render is not None
        arrived = self._render.send_request({"op": "sync"})
        incoming.defer()

        def answer() -> None:
            try:
                incoming.reply(arrived.result())
            except Exception as error:
                incoming.fail(error)

        arrived.add_done_callback(answer)

    def _sync(self, incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        """Answered once everything sent before has been done: nothing of it executes any more."""
        return Packet({"op": "synced"})

    def _update_pipeline(self, incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        id_, port = field(header, "id", int), field(header, "port", int, 0)
        self._execute(incoming, id_, port, header)
        return pack_payload({"op": "information"}, self._the_model.information(id_, port))

    def _property_information(self, incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        id_ = field(header, "id", int)
        self._execute(incoming, id_, 0, header)
        return pack_payload({"op": "property_information"}, self._the_model.readings(id_))

    def _offered(self, incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        return pack_payload({"op": "offered"}, self._the_model.look_into(field(header, "id", int)))

    def _fetch(self, incoming: IncomingCall, header: dict[str, Any]) -> Iterator[Packet]:
        id_, port = field(header, "id", int), field(header, "port", int, 0)
        self._execute(incoming, id_, port, header)
        return self._the_model.pieces(id_, port, incoming.client.chunk_bytes, header)

    def _rows(self, incoming: IncomingCall, header: dict[str, Any]) -> Iterator[Packet]:
        id_, port = field(header, "id", int), field(header, "port", int, 0)
        self._execute(incoming, id_, port, header)
        return self._the_model.rows(id_, port, header)

    def _save_data(self, incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        id_, port, path = field(header, "id", int), field(header, "port", int, 0), field(header, "path", str)
        options = field(header, "options", dict, {})
        if header.get("times") is None:
            self._execute(incoming, id_, port, header)
            return Packet({"size_bytes": self._the_model.save(id_, port, path, options)})
        times = [float(one) for one in field(header, "times", list)]
        at = partial(self._execute_at, incoming, id_, port, header)
        return Packet({"size_bytes": self._the_model.save_times(id_, port, path, options, times, at)})

    def _execute_at(self, incoming: IncomingCall, id_: int, port: int, header: dict[str, Any], time: float) -> None:
        self._execute(incoming, id_, port, {**header, "time": time})

    def _origin(self, incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        representation, version = field(header, "representation", int), field(header, "version", int)
        cell = None if header.get("cell") is None else field(header, "cell", int)
        found = self._the_model.showing.origin(representation, version, cell=cell, point=field(header, "point", int))
        return pack_payload({"op": "origin"}, found)

    def _select(self, incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        representation, version = field(header, "representation", int), field(header, "version", int)
        association, drawn = field(header, "association", str), bytes(incoming.packet.buffers[0])
        return pack_payload(
            {"op": "select"}, self._the_model.showing.select(representation, version, association, drawn)
        )

    def _receive(self, incoming: IncomingCall, header: dict[str, Any]) -> None:
        last = incoming.kind is Kind.REQUEST
        piece = field(header, "piece", dict)
        self._the_model.receive(field(header, "id", int), piece, incoming.packet.buffers, last)
        if last:
            self._schedule_refresh()

    def _look_up(self, incoming: IncomingCall, header: dict[str, Any]) -> Packet:
        from .lookups import look_up  # it imports VTK

        return look_up(header)

    def _answer_aside(self, incoming: IncomingCall) -> None:
        incoming.reply(self._look_up(incoming, incoming.packet.header))

    # --- streams

    def _subscribe(self, incoming: IncomingCall, header: dict[str, Any]) -> None:
        """The stream began in preview."""
        if incoming.stream is None:
            raise ValueError(f"{header['op']!r} is a stream: subscribe to it")

    def _begin_stream(self, name: str, stream: StreamWriter) -> None:
        """From now on it gets every item; and before them, of what executes just now, the step that was told last."""
        told: dict[str, Any] | None = None
        while True:
            with self._streams_lock:
                last = self._last_step if name == "progress" else None
                if last is None or last is told or (told is None and last["state"] not in ("started", "running")):
                    self._streams[name].add(stream)
                    return
            with suppress(Closed, Busy):  # it has left again; it does not read what it was sent
                stream.put(Packet(last))
            told = last

    def _publish(self, stream: str, item: dict[str, Any]) -> None:
        with self._streams_lock:
            writers = list(self._streams[stream])
            if stream == "progress":
                self._last_step = item
        if not writers:
            return
        packet = Packet(item)
        for writer in writers:
            try:
                writer.put(packet)
                continue
            except Closed:
                pass
            except Busy as error:  # nobody reads it: its budget is full, and the reader shall know that it missed some
                writer.end(error)
            with self._streams_lock:
                self._streams[stream].discard(writer)

    # --- inside

    @property
    def _the_model(self) -> DataModel:
        assert self._model is not None  # made in `started`, or every packet is answered with the error of that
        return self._model

    def _execute(self, incoming: IncomingCall, id_: int, port: int, header: dict[str, Any]) -> None:
        def unwanted() -> bool:
            left_s = incoming.time_left_s()
            return incoming.over or (left_s is not None and left_s <= 0)

        time = _time(header)
        request = None if header.get("request") is None else field(header, "request", int)
        wanted = self._the_model.execute(id_, port, time=time, unwanted=unwanted, request=request, purpose=incoming)
        if not wanted:
            raise RequestCancelled(f"the execution of proxy {id_} was interrupted: a newer change made it useless")

    def _schedule_refresh(self) -> None:
        """Bring what is shown up to date after what waits in the queue now: many changes cost one execution."""
        if not self._refresh_scheduled:
            self._refresh_scheduled = True
            self.call_soon(self._refresh)

    def _refresh(self, purpose: object = None) -> bool:
        """Whether all that is shown is up to date; if it was interrupted, it is tried again later."""
        self._refresh_scheduled = False
        try:
            complete = self._the_model.showing.refresh(purpose)
        except (Closed, ConnectionLost):  # of the render service: the session ends, and nobody looks any more
            _log.debug("what is shown is not brought up to date any more", exc_info=True)
            return True
        if complete or self.stopping:
            return complete
        if self._changes.any:  # what makes them schedules it, unless their client leaves, or does not read its answers
            self.call_later(REFRESH_AGAIN_S, self._schedule_refresh)
        else:
            self._schedule_refresh()
        return False

    def _send_geometry(self, packet: Packet) -> None:
        assert self._render is not None
        self._render.room().result()  # its budget holds what was not rendered yet; the render thread never waits for us
        self._render.send_message(packet)


def _time(header: dict[str, Any]) -> float | None:
    """The time that a packet asks for. Raises MissingField if it is no number."""
    return None if header.get("time") is None else field(header, "time", float)


def _changed_ids(header: dict[str, Any]) -> frozenset[int]:
    """What a packet says it changes; whether it is well formed is judged when it is processed."""
    if header["op"] == "set_time":
        return frozenset({SHOWN_TIME})
    proxies, ids = header.get("proxies"), header.get("ids")
    changed = [one.get("id") for one in proxies if isinstance(one, dict)] if isinstance(proxies, list) else []
    return frozenset(one for one in [*changed, *(ids if isinstance(ids, list) else ())] if isinstance(one, int))
