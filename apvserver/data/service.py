"""The data service: keeps the pipeline, executes it, tells what it holds, and feeds geometry to the render service."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final

from async_paraview.operations import Method, MissingField, Operation, Result, data, render
from async_paraview.operations.members import member_of
from async_paraview.vtk_imports import importing_all
from services_core import (
    Busy,
    Closed,
    ConnectionLost,
    IncomingCall,
    Kind,
    LimitedLog,
    Packet,
    RemoteError,
    RequestCancelled,
    Service,
    ServiceClient,
    ServiceEndpoint,
    ServicesError,
    StreamWriter,
)
from services_core.payload import pack_payload

from ..heap import GivingBack, give_back
from ..sharing import take_short_turns
from ..vtk import find_libraries
from .concurrent_queries import ConcurrentQueries
from .headers_ahead import HeadersAhead
from .last_steps import LastSteps
from .shared_scene import SharedScene
from .waiting_changes import CHANGES, WaitingChanges, changed_ids

if TYPE_CHECKING:
    from .model import DataModel
    from .protocols import Crew

_log = logging.getLogger(__name__)
_limited_log = LimitedLog(_log)  # a client brings these about

OVERTAKEN: Final = "a newer change made it useless"
"""Why an execution was interrupted that its client still waits for."""

MANY_STREAMS: Final = 64
"""When there are so many of one kind, those are forgotten that are over; then again when there are twice as many."""

REFRESH_AGAIN_S = 0.05
"""So long after changes that wait have kept what is shown from being brought up to date that is tried again anyway."""


def _log_fault(error: ServicesError) -> None:
    """Log that the render service could not take geometry.

    Whoever wants a picture is told that nothing can be rendered, and nobody that this process ends.
    """
    passing = isinstance(error, RequestCancelled) or (
        isinstance(error, RemoteError) and error.type_name == "OpenGLUnavailable"
    )
    (_log.debug if passing else _limited_log.warning)("geometry could not be shown: %s", error)


class DataService(Service):
    """Sequential: one packet after the other. The model, and with it VTK, is imported on the service's own thread.

    A change of a proxy that an execution under way depends on interrupts that execution, in preview.
    """

    receives: ClassVar[bool] = False  # its thread gives way to rendering, which would then wait for it

    def __init__(self, connect_render: Callable[[], ServiceEndpoint], *, crew: Crew | None = None) -> None:
        super().__init__("data")
        self._crew = crew
        self._connect_render = connect_render
        self._render: ServiceEndpoint | None = None
        self._model: DataModel | None = None
        self._watched: set[int] = set()
        self._streams: dict[type[Operation], set[StreamWriter]] = {data.Progress: set(), data.Messages: set()}
        self._streams_lock = threading.Lock()
        self._many_streams = MANY_STREAMS
        self._last_steps = LastSteps()
        self._queries = ConcurrentQueries(self._answer_query)
        self._refresh_scheduled = False
        self._changes = WaitingChanges()
        self._headers = HeadersAhead()
        self._shared = SharedScene()
        self._giving_back = GivingBack(self)
        self._methods: dict[type[Operation], Method] = {
            data.Update: self._update,
            data.Delete: self._delete,
            data.HoldBack: self._keep_back,
            data.Stop: self._stop,
            data.CreateRepresentation: self._create_representation,
            data.DeleteRepresentation: self._delete_representation,
            data.SetTime: self._set_time,
            data.Flush: self._flush,
            data.Sync: self._sync,
            data.UpdatePipeline: self._update_pipeline,
            data.PropertyInformation: self._property_information,
            data.Offered: self._offered,
            data.Fetch: self._fetch,
            **dict.fromkeys(data.CONCURRENT, self._answer_at_once),
            data.SaveData: self._save_data,
            data.Rows: self._rows,
            data.Histogram: self._histogram,
            data.Origin: self._origin,
            data.Select: self._select,
            data.Receive: self._receive,
            data.Progress: self._subscribe,
            data.Messages: self._subscribe,
            data.ToldAll: self._told_all,
            data.Changes: self._follow,
        }

    # --- hooks of Service

    def started(self) -> None:
        """Import VTK and make the model, here and not on anybody's event loop."""
        with importing_all():
            find_libraries()
            from ..vtk.base.threads import yield_to_others
            from .model import DataModel

        yield_to_others()
        take_short_turns()  # built in, the client's loop is among those that want the interpreter
        try:
            self._render = self._connect_render()
        except Closed:
            return  # the session was closed before it began: nothing will be processed
        self._render.add_fault_callback(_log_fault)
        self._model = DataModel(self, self._crew, self._watched)

    def watch(self, view: int) -> None:
        """Have levels of detail made for a view from now on, as somebody looks at it live. From any thread."""
        if view not in self._watched:
            self._watched.add(view)
            self.call_soon(lambda: self._make_details(view))

    def _make_details(self, view: int) -> None:
        if self._model is not None:
            self._model.representations.make_details(view)

    def stop(self) -> None:
        """Interrupt what executes for a view, too, which no client has asked for by a request."""
        super().stop()
        if self._model is not None:
            self._model.interrupt(None)

    def stopped(self) -> None:
        """Say goodbye to the render service, and give back what the session has taken."""
        self._queries.close()
        if self._model is not None:
            self._model.close()
        if self._render is not None:
            self._render.close()
        give_back()

    def preview(self, incoming: IncomingCall) -> None:
        """Interrupt an execution that this change makes useless; begin a stream even while one executes."""
        header = incoming.packet.header
        wanted = data.OPERATIONS.named(header)
        if wanted is None:
            return
        if incoming.stream is not None and wanted in self._streams:
            self._begin_stream(wanted, incoming.stream, standing=header.get("standing") is True)
        if wanted in data.CONCURRENT and incoming.kind is Kind.REQUEST:
            self._queries.take(incoming)
        if wanted is data.Changes and incoming.stream is not None and header.get("snapshot", True):
            self._shared.follow_from_now(incoming)
            self._queries.take(incoming)  # who joins waits for no filter
        if wanted in CHANGES and member_of(incoming.client.info).may_change:
            changed = changed_ids(wanted, header)
            self._headers.keep(incoming, header)
            self._changes.arrived(incoming, changed)  # before: what begins to execute meanwhile looks at that
            if self._model is not None:
                self._model.interrupt_if_depends(changed)
                if wanted is data.Stop:
                    self._model.interrupt_execution_of(changed)

    def cancelled(self, incoming: IncomingCall) -> None:
        """Interrupt the execution that nobody waits for any more."""
        if self._model is not None:
            self._model.interrupt(incoming)

    def client_left(self, client: ServiceClient) -> None:
        """Forget what the client still wanted to change: it will not be changed."""
        self._changes.left(client)
        self._shared.left(client)

    def process(self, incoming: IncomingCall) -> Result:
        """See Service.process; docs/protocol.md lists the operations."""
        self._changes.taken(incoming)
        return data.OPERATIONS.call(self._methods, incoming, self._headers.take(incoming))

    # --- one-way operations

    def _update(self, incoming: IncomingCall, update: data.Update) -> None:
        if self._shared.is_overtaken(incoming, update):
            return
        states, refusal = self._shared.without_deleted(update.states(incoming.packet))
        read: list[data.ProxyState] = []
        try:
            self._the_model.update(states, read.append, is_shared=bool(update.number))
        finally:
            self._shared.updated(incoming, update, read)
            self._out_of_date(one.id for one in read if _changes_output(one, is_shared=bool(update.number)))
        self._schedule_refresh()
        if refusal is not None:
            raise refusal

    def _delete(self, incoming: IncomingCall, delete: data.Delete) -> None:
        if self._shared.is_overtaken(incoming, delete):
            return
        try:
            self._the_model.delete(delete.ids)
        except Exception:
            self._shared.not_deleted(incoming, delete)
            raise
        with self._streams_lock:
            self._last_steps.forget(delete.ids)
        self._shared.deleted(incoming, delete)
        self._schedule_refresh()
        self._giving_back.soon()

    def _keep_back(self, incoming: IncomingCall, wanted: data.HoldBack) -> None:
        self._the_model.hold_back(wanted.ids, wanted.reason)
        self._the_model.representations.hold_back(wanted.representations, wanted.reason)

    def _stop(self, incoming: IncomingCall, wanted: data.Stop) -> None:
        """Hold back what `preview` has interrupted already, or let it go on."""
        self._the_model.stop(wanted.ids, resume=wanted.resume)
        self._schedule_refresh()

    def _create_representation(self, incoming: IncomingCall, wanted: data.CreateRepresentation) -> None:
        self._shared.shown(incoming, wanted)
        try:
            self._the_model.representations.show(
                wanted.representation,
                view=wanted.view,
                source=(wanted.id, wanted.port),
                properties=wanted.extract,
                kind=wanted.kind,
            )
        finally:  # what is right of it is shown
            self._schedule_refresh()

    def _delete_representation(self, incoming: IncomingCall, wanted: data.DeleteRepresentation) -> None:
        self._the_model.representations.forget(wanted.representation)
        self._shared.forgotten(incoming, wanted)
        self._giving_back.soon()

    def _set_time(self, incoming: IncomingCall, wanted: data.SetTime) -> None:
        if self._shared.is_overtaken(incoming, wanted):
            return
        self._the_model.representations.set_time(wanted.time)
        self._shared.time_set(incoming, wanted)
        self._schedule_refresh()

    def _told_all(self, incoming: IncomingCall, told: data.ToldAll) -> None:
        self._shared.told_all(incoming, told)

    # --- requests

    def _flush(self, incoming: IncomingCall, flush: data.Flush) -> None:
        """Answer when all that the view shows has reached the render service; with the error if some of it failed."""
        if not self._refresh(incoming):
            why = incoming.cancelled() or OVERTAKEN
            raise RequestCancelled(f"bringing the view up to date was interrupted: {why}")
        self._the_model.representations.raise_failure_of(flush.view)
        incoming.defer()
        self._the_model.representations.when_sent(flush.view, partial(self._answer_when_drawn, incoming))

    def _answer_when_drawn(self, incoming: IncomingCall) -> None:
        """Answer when the render service has taken what was sent to it. On any thread."""
        assert self._render is not None
        try:
            arrived = self._render.send_request(render.Sync().packet())
        except Exception as error:
            incoming.fail(error)
            return

        def answer() -> None:
            try:
                incoming.reply(arrived.result())
            except Exception as error:
                incoming.fail(error)

        arrived.add_done_callback(answer)

    def _sync(self, incoming: IncomingCall, sync: data.Sync) -> Packet:
        """Answer once everything sent before has been done: nothing of it executes any more."""
        if sync.mark is not None:
            self._shared.mark(incoming, sync.mark)
        return Packet({})

    def _update_pipeline(self, incoming: IncomingCall, wanted: data.UpdatePipeline) -> Packet:
        self._execute(incoming, wanted.id, wanted.port, wanted.time, wanted.request)
        return pack_payload({}, self._the_model.information(wanted.id, wanted.port))

    def _property_information(self, incoming: IncomingCall, wanted: data.PropertyInformation) -> Packet:
        self._execute(incoming, wanted.id, 0, wanted.time)
        return pack_payload({}, self._the_model.information_properties(wanted.id))

    def _offered(self, incoming: IncomingCall, wanted: data.Offered) -> Packet:
        return pack_payload({}, self._the_model.look_into(wanted.id))

    def _fetch(self, incoming: IncomingCall, wanted: data.Fetch) -> Iterator[Packet]:
        self._execute(incoming, wanted.id, wanted.port, wanted.time, whole=True)
        return self._the_model.pieces(wanted, incoming.client.chunk_bytes)

    def _rows(self, incoming: IncomingCall, wanted: data.Rows) -> Iterator[Packet]:
        self._execute(incoming, wanted.id, wanted.port, wanted.time, whole=True)
        return self._the_model.rows(wanted)

    def _histogram(self, incoming: IncomingCall, wanted: data.Histogram) -> Packet:
        self._execute(incoming, wanted.id, wanted.port, wanted.time, then=self._the_model.counting(wanted))
        return pack_payload({}, self._the_model.histogram(wanted))

    def _save_data(self, incoming: IncomingCall, wanted: data.SaveData) -> Packet:
        output = wanted.id, wanted.port
        if wanted.times is None:
            self._execute(incoming, *output, wanted.time, whole=True)
            with self._the_model.folder_of(wanted.path, make=wanted.make_folder):
                return Packet({"size_bytes": self._the_model.save(*output, wanted.path, wanted.options)})
        at = partial(self._execute, incoming, *output, whole=True)
        with self._the_model.folder_of(wanted.path, make=wanted.make_folder):
            saved = self._the_model.save_times(*output, wanted.path, wanted.options, wanted.times, at)
        return Packet({"size_bytes": saved})

    def _origin(self, incoming: IncomingCall, wanted: data.Origin) -> Packet:
        representations = self._the_model.representations
        found = representations.origin(wanted.representation, wanted.version, cell=wanted.cell, point=wanted.point)
        return pack_payload({}, found)

    def _select(self, incoming: IncomingCall, wanted: data.Select) -> Packet:
        if not incoming.packet.buffers:
            raise MissingField("a select needs the numbers of what is drawn, int64, as its buffer")
        drawn, representations = bytes(incoming.packet.buffers[0]), self._the_model.representations
        id_, port, ids = representations.select(wanted.representation, wanted.version, wanted.association, drawn)
        return Packet({"id": id_, "port": port}, [ids.tobytes()] if ids.size else [])

    def _receive(self, incoming: IncomingCall, wanted: data.Receive) -> None:
        last = incoming.kind is Kind.REQUEST
        self._the_model.receive(wanted.id, wanted.piece, incoming.packet.buffers, last)
        if last:
            self._shared.received(incoming, wanted)
            self._out_of_date([wanted.id])
            self._schedule_refresh()

    def _answer_at_once(self, incoming: IncomingCall, wanted: Operation) -> Packet:
        from .queries import answer_query  # it imports VTK

        return answer_query(wanted)

    def _answer_query(self, incoming: IncomingCall) -> None:
        wanted = data.OPERATIONS.read(incoming.packet.header)
        if isinstance(wanted, data.Changes):
            self._follow(incoming, wanted)
        else:
            incoming.reply(self._answer_at_once(incoming, wanted))

    # --- streams

    def _follow(self, incoming: IncomingCall, wanted: data.Changes) -> None:
        """Usually the stream has begun already, on the thread for what needs no pipeline."""
        self._shared.follow(incoming, wanted)

    def _subscribe(self, incoming: IncomingCall, wanted: data.Progress | data.Messages) -> None:
        """Do nothing: the stream began in preview."""

    def _begin_stream(self, name: type[Operation], stream: StreamWriter, *, standing: bool) -> None:
        """Give it every item from now on; and before them the step that was told last of what executes just now.

        With `standing` what was told last of each proxy that has executed.
        """
        number: int | None = 0 if standing else None
        while True:
            with self._streams_lock:
                items = self._told_since(name, number)
                if not items:
                    self._keep_stream(name, stream)
                    return
                number = self._last_steps.number
            with suppress(Closed, Busy):  # it has left again; it does not read what it was sent
                for item in items:
                    stream.put(Packet(item))

    def _told_since(self, name: type[Operation], number: int | None) -> list[dict[str, Any]]:
        """Return what was told after that number; None: what a subscriber is told who asks for nothing of before."""
        told = self._last_steps
        if name is data.Messages:
            return [] if number is None else told.messages_since(number)
        return told.under_way() if number is None else told.steps_since(number)

    def _keep_stream(self, name: type[Operation], stream: StreamWriter) -> None:
        """Keep it with those that are not over: where nothing is told for long, many come and go. Under the lock."""
        streams = self._streams[name]
        if len(streams) >= self._many_streams:
            streams = self._streams[name] = {one for one in streams if not one.over}
            self._many_streams = max(MANY_STREAMS, 2 * len(streams))
        streams.add(stream)

    def _publish(self, stream: type[Operation], item: dict[str, Any]) -> None:
        with self._streams_lock:
            writers = list(self._streams[stream])
            if stream is data.Progress:
                self._last_steps.stepped(item)
            else:
                self._last_steps.said(item)
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

    def _out_of_date(self, changed: Iterable[int]) -> None:
        """Have those who subscribe later told that what depends on these is out of date."""
        if self._last_steps:
            ids = self._the_model.dependent_on(changed)
            with self._streams_lock:
                self._last_steps.out_of_date(ids)

    # --- inside

    @property
    def _the_model(self) -> DataModel:
        assert self._model is not None  # made in `started`, or every packet is answered with the error of that
        return self._model

    def _execute(
        self,
        incoming: IncomingCall,
        id_: int,
        port: int,
        time: float | None,
        request: int | None = None,
        *,
        whole: bool = False,
        then: Any = None,
    ) -> None:
        complete = self._the_model.execute(
            id_,
            port,
            time=time,
            cancelled=incoming.cancelled,
            request=request,
            purpose=incoming,
            whole=whole,
            then=then,
        )
        if not complete:
            why = incoming.cancelled() or OVERTAKEN
            raise RequestCancelled(f"the execution of proxy {id_} was interrupted: {why}")

    def _schedule_refresh(self) -> None:
        """Bring what is shown up to date after what waits in the queue now: many changes cost one execution."""
        if not self._refresh_scheduled and self._the_model.representations.any:
            self._refresh_scheduled = True
            self.call_soon(self._refresh)

    def _refresh(self, purpose: object = None) -> bool:
        """Return whether all that is shown is up to date; if it was interrupted, it is tried again later."""
        self._refresh_scheduled = False
        try:
            complete = self._the_model.representations.refresh(purpose)
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

    # --- the model's sink

    def not_wanted(self, ids: Collection[Any]) -> str | None:
        """See Sink.not_wanted."""
        if self.stopping:
            return "the session ends"
        return OVERTAKEN if self._changes.overtake(ids) else None

    def publish_progress(self, step: dict[str, Any]) -> None:
        """See Sink.publish_progress."""
        self._publish(data.Progress, step)

    def settled(self, ids: Collection[int], state: str, request: int | None) -> None:
        """See Sink.settled."""
        with self._streams_lock:
            steps = self._last_steps.still_out_of_date(ids)
        for step in steps:
            self._publish(data.Progress, {**step, "state": state, "fraction": 1.0, "request": request})

    def publish_message(self, message: dict[str, Any]) -> None:
        """See Sink.publish_message."""
        self._publish(data.Messages, message)

    def send_geometry(self, packet: Packet) -> None:
        """See Sink.send_geometry."""
        assert self._render is not None
        self._render.room().result()  # its budget holds what was not rendered yet; the render thread never waits for us
        self._render.send_message(packet)


def _changes_output(state: data.ProxyState, *, is_shared: bool) -> bool:
    """Return whether more is told than a name, or, where there are others, than what they tell anew."""
    is_news = state.type is None or not is_shared
    return is_news and bool(state.properties or state.inputs or state.objects or state.unset)
