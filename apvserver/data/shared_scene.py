"""The data service's share of a session with several clients: what was asked for, and who is told of it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, Final

from async_paraview.operations.data import (
    CreateRepresentation,
    Delete,
    DeleteRepresentation,
    ProxyState,
    Receive,
    SetTime,
    Update,
)
from async_paraview.operations.members import member_of
from services_core import IncomingCall

from ..followers import Shared, Told, is_shared
from ..vtk.base.errors import PipelineError, UnknownProxy
from .scene_record import SceneRecord, plain, told_of

State = Mapping[str, Any]
_TIME: Final = "time"


class SharedScene(Shared):
    """Keeps and tells what clients change, where others can join.

    Streams begin on any thread, all else belongs to the service's.
    """

    def __init__(self) -> None:
        super().__init__()
        self._record = SceneRecord()

    # --- who is told

    def follow_from_now(self, incoming: IncomingCall) -> None:
        """Keep what a client is to be told after what there is, which `follow` tells later."""
        self._followers.arrived(incoming)

    def _snapshot(self) -> Iterator[tuple[Told, Hashable]]:
        return ((told, _TIME if told["op"] == SetTime.op else None) for told in self._record.snapshot())

    # --- what is told

    def is_overtaken(self, incoming: IncomingCall, change: Update | Delete | SetTime) -> bool:
        """Return whether its client has told something newer already: then it is not made."""
        return self._followers.is_overtaken(incoming, change.number, _TIME if isinstance(change, SetTime) else None)

    def without_deleted(self, states: tuple[State, ...]) -> tuple[tuple[State, ...], UnknownProxy | None]:
        """Return these without changes of deleted proxies, which are not made anew by them; and the error of those."""
        gone = {one["id"]: by for one in states if "type" not in one and (by := self._deleted_by(one)) is not None}
        if not gone:
            return states, None
        id_, by = next(iter(gone.items()))
        error = UnknownProxy(f"proxy {id_} was deleted by client {by} of this session")
        return tuple(one for one in states if one.get("id") not in gone), error

    def _deleted_by(self, state: State) -> int | None:
        id_ = state.get("id")
        return self._record.deleted_by(id_) if isinstance(id_, int) else None

    def updated(self, incoming: IncomingCall, update: Update, states: Sequence[ProxyState]) -> None:
        """Take what was asked of proxies, also what was refused; its client is told where it was taken otherwise."""
        if not is_shared(incoming):
            return
        told: list[ProxyState] = []
        self._followers.record(
            incoming, update.number, None, lambda: told.extend([self._record.update(one) for one in states])
        )
        if self._followers.others(incoming):
            self._followers.tell(incoming, Update(proxies=tuple(map(plain, told))))
        other = [(one, asked) for one, asked in zip(told, states, strict=True) if one is not asked]
        if other:
            back = Update(proxies=tuple(self._record.taken_back(one, asked) for one, asked in other))
            self._followers.tell_itself(incoming, back.header())

    def deleted(self, incoming: IncomingCall, delete: Delete) -> None:
        """Take a deletion."""
        if is_shared(incoming):
            client = member_of(incoming.client.info).client
            self._followers.record(incoming, delete.number, None, lambda: self._record.delete(delete.ids, client))
            self._followers.tell(incoming, delete)

    def not_deleted(self, incoming: IncomingCall, delete: Delete) -> None:
        """Tell a client again of what it could not delete: on its side it has."""
        if is_shared(incoming):
            self._followers.record(incoming, delete.number, None, lambda: None)
            for told in told_of(self._record.states_around(delete.ids)):
                self._followers.tell_itself(incoming, told)

    def shown(self, incoming: IncomingCall, wanted: CreateRepresentation) -> None:
        """Take what is shown. Raises PipelineError if another client has deleted that, or its source, meanwhile."""
        refusal = self._cannot_be_shown(wanted)
        if refusal is not None:
            gone = DeleteRepresentation(representation=wanted.representation)
            self._followers.tell_itself(incoming, gone.header())  # it may not know: it tells a new worker what it knows
            raise refusal
        if is_shared(incoming):
            self._followers.record(incoming, 0, None, lambda: self._record.show(wanted))
            self._followers.tell(incoming, wanted)

    def _cannot_be_shown(self, wanted: CreateRepresentation) -> PipelineError | None:
        if self._record.is_shown_no_more(wanted.representation):
            return PipelineError(f"representation {wanted.representation} was deleted: show the output again")
        if (by := self._record.deleted_by(wanted.id)) is not None:
            return UnknownProxy(f"proxy {wanted.id} was deleted by client {by} of this session: it cannot be shown")
        return None

    def forgotten(self, incoming: IncomingCall, wanted: DeleteRepresentation) -> None:
        """Take what is shown no more."""
        if is_shared(incoming):
            self._followers.record(incoming, 0, None, lambda: self._record.forget(wanted.representation))
            self._followers.tell(incoming, wanted)

    def time_set(self, incoming: IncomingCall, wanted: SetTime) -> None:
        """Take the time of what is shown."""
        if is_shared(incoming):
            self._followers.record(incoming, wanted.number, _TIME, lambda: self._record.set_time(wanted.time))
            self._followers.tell(incoming, wanted, _TIME)

    def received(self, incoming: IncomingCall, wanted: Receive) -> None:
        """Tell that a proxy has got other data, not which."""
        if is_shared(incoming):
            self._followers.tell(incoming, Receive(id=wanted.id, piece={}))
