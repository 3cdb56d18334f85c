"""What the clients of a session have asked of its pipeline, as plain data: what makes the same again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from async_paraview.operations.data import CreateRepresentation, ProxyState, SetTime, Update
from async_paraview.remembered_ids import RememberedIds

from ..followers import Told

MOST_GONE: Final = 65_536
"""So many deleted proxies are remembered, to tell who has deleted them."""

KINDS: Final = ("properties", "inputs", "objects")
PROXIES_TOGETHER: Final = 64


class SceneRecord:
    """Kept by the data service of a session that others can join. Nothing of it is changed in place, nor copied.

    It holds what was asked for, also what was refused: clients know it, and are told the error when they need it.
    """

    def __init__(self) -> None:
        self._proxies: dict[int, dict[str, Any]] = {}
        self._names: dict[str, int] = {}
        self._shown: dict[int, CreateRepresentation] = {}
        self._gone = RememberedIds(MOST_GONE)
        self._shown_no_more = RememberedIds(MOST_GONE)
        self._time: float | None = None

    # --- changes

    def update(self, state: ProxyState) -> ProxyState:
        """Take what was asked of a proxy; returns it as others are told it, which mostly is the same.

        A name that another proxy has is another then, and what would make a circle is not in it.
        """
        before = self._proxies.get(state.id)
        if before is None:
            if state.type is None:
                return state  # it was deleted, or never made: nothing is there to be told of
            self._gone.discard(state.id)
        elif state.inputs or state.objects:
            state = self._without_circle(state)
        if state.name:
            name = self._free(state.id, state.name)
            state = state if name == state.name else replace(state, name=name)
        self._proxies[state.id] = _made(state) if before is None else _merged(before, state)
        return state

    def delete(self, ids: Iterable[int], client: int) -> None:
        """Forget proxies that a client has deleted, and what shows them."""
        gone = set(ids)
        for id_ in gone:
            self._names.pop(self._proxies.pop(id_, {}).get("name", ""), None)
            self._gone.add(id_, client)
        for representation in [key for key, one in self._shown.items() if one.id in gone]:
            self.forget(representation)

    def show(self, wanted: CreateRepresentation) -> None:
        """Take what is shown."""
        self._shown[wanted.representation] = wanted

    def forget(self, representation: int) -> None:
        """Forget what is shown no more."""
        if self._shown.pop(representation, None) is not None:
            self._shown_no_more.add(representation)

    def set_time(self, time: float | None) -> None:
        """Take the time of what is shown."""
        self._time = time

    # --- what there is

    def has(self, id_: int) -> bool:
        """Return whether a proxy is there."""
        return id_ in self._proxies

    def deleted_by(self, id_: int) -> int | None:
        """Return which client has deleted a proxy, None if none has."""
        return self._gone.number_of(id_)

    def is_shown_no_more(self, representation: int) -> bool:
        """Return whether something was shown once, and is not any more: its id is not used again."""
        return representation in self._shown_no_more

    def taken_back(self, told: ProxyState, asked: ProxyState) -> dict[str, Any]:
        """Return what the client that has asked for this is told where it is otherwise: its name, its connections."""
        back: dict[str, Any] = {"id": told.id}
        if told.name != asked.name:
            back["name"] = told.name
        for kind in ("inputs", "objects"):
            lost = getattr(asked, kind).keys() - getattr(told, kind).keys()
            now = self._proxies[told.id][kind]
            if lost:
                back[kind] = {name: now[name] for name in lost if name in now}
                back["unset"] = (*back.get("unset", ()), *(name for name in lost if name not in now))
        return back

    def states_around(self, ids: Iterable[int]) -> list[dict[str, Any]]:
        """Return all that was asked of those proxies that are there, and of those that use them, sources first."""
        wanted = set(ids)
        around = {
            id_: state
            for id_, state in self._proxies.items()
            if id_ in wanted or not wanted.isdisjoint(_sources(state))
        }
        return list(_sources_first(around))

    def snapshot(self) -> Iterator[Told]:
        """Return operations that make all of it, sources first. They are of the moment of the call."""
        proxies, shown, time = dict(self._proxies), list(self._shown.values()), self._time
        return _operations(proxies, shown, time)

    def _without_circle(self, state: ProxyState) -> ProxyState:
        """Return it without what would make the proxy depend on itself: of two clients who connect two with each other.

        The pipeline refuses the whole update then.
        """
        seen: set[int] = set()
        stack = [*(id_ for ports in state.inputs.values() for id_, _ in ports), *filter(None, state.objects.values())]
        while stack:
            id_ = stack.pop()
            if id_ == state.id:
                return replace(state, inputs={}, objects={})
            if id_ not in seen and id_ in self._proxies:
                seen.add(id_)
                stack += _sources(self._proxies[id_])
        return state

    def _free(self, id_: int, name: str) -> str:
        """Return the name, or another where it is taken by another proxy."""
        stem, number = name.rstrip("0123456789") or name, 1
        while self._names.get(name, id_) != id_:
            number += 1
            name = f"{stem}{number}"
        before = self._proxies.get(id_, {}).get("name")
        if before is not None and before != name:
            self._names.pop(before, None)
        self._names[name] = id_
        return name


def told_of(states: Sequence[Mapping[str, Any]]) -> Iterator[Told]:
    """Return updates with these states of proxies."""
    for first in range(0, len(states), PROXIES_TOGETHER):
        yield Update(proxies=tuple(states[first : first + PROXIES_TOGETHER])).header()


def _operations(
    proxies: Mapping[int, dict[str, Any]], shown: Sequence[CreateRepresentation], time: float | None
) -> Iterator[Told]:
    yield from told_of(list(_sources_first(proxies)))
    for one in shown:
        yield one.header()
    if time is not None:
        yield SetTime(time=time).header()


def _sources_first(proxies: Mapping[int, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Return the states, each after those that it depends on; a circle, which was refused, begins anywhere."""
    begun: set[int] = set()
    for start in proxies:
        stack = [(start, False)]
        while stack:
            id_, is_done = stack.pop()
            if is_done:
                yield proxies[id_]
            elif id_ not in begun:
                begun.add(id_)
                stack.append((id_, True))
                stack += [(source, False) for source in _sources(proxies[id_]) if source in proxies]


def _sources(state: Mapping[str, Any]) -> list[int]:
    inputs = [source for ports in state["inputs"].values() for source, _ in ports]
    return [*inputs, *(held for held in state["objects"].values() if held is not None)]


def plain(state: ProxyState) -> dict[str, Any]:
    """Return a state as it travels, with nothing copied."""
    told: dict[str, Any] = {"id": state.id}
    if state.type is not None:
        told["type"] = state.type
    if state.name is not None:
        told["name"] = state.name
    told["properties"], told["inputs"], told["objects"] = state.properties, state.inputs, state.objects
    if state.unset:
        told["unset"] = state.unset
    return told


def _made(state: ProxyState) -> dict[str, Any]:
    """Return what is kept of the first state of a proxy: in a new one nothing can be set back."""
    told = plain(state)
    told.pop("unset", None)
    return told


def _merged(before: Mapping[str, Any], state: ProxyState) -> dict[str, Any]:
    merged = {**before, "name": state.name} if state.name else dict(before)
    if state.properties.keys() <= before["properties"].keys() and not (state.unset or state.inputs or state.objects):
        merged["properties"] = {**before["properties"], **state.properties}  # a value that is set again, as most are
        return merged
    named = {*state.unset, *state.properties, *state.inputs, *state.objects}
    for kind in KINDS:
        kept = {name: value for name, value in before[kind].items() if name not in named}
        merged[kind] = kept | getattr(state, kind)
    return merged
