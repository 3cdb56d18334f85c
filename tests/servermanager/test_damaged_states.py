"""State files that are damaged in any way: they load whole, or StateError tells where and nothing is changed."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servermanager import ConnectionLost, Session, StateError, connect

from ..harness.apvtest import in_loop


def proxy(id_: int, kind: str, type_name: str, **more: dict[str, Any]) -> dict[str, Any]:
    """The entry of a proxy."""
    entry = {"kind": kind, "name": f"number {id_}", "id": id_, "type": type_name}
    return {**entry, "properties": {}, "inputs": {}, "objects": {}, **more}


GOOD: dict[str, Any] = {
    "format": "async-paraview-state",
    "version": 1,
    "time": 1.5,
    "proxies": [
        proxy(1, "source", "Sphere", properties={"Radius": 2.0, "Center": [0, 0, 1]}),
        proxy(2, "object", "objects/Plane", properties={"Normal": [0, 0, 1]}),
        proxy(3, "source", "Slice", inputs={"Input": [[1, 0]]}, objects={"SliceType": 2}),
    ],
    "views": [
        {"id": 9, "kind": "RenderView", "properties": {"ViewSize": [40, 30], "Texts": [{"Text": "hello"}]}},
        {"id": 10, "kind": "XYChartView", "properties": {"ViewSize": [40, 30]}},
    ],
    "representations": [{"view": 9, "source": [3, 0], "properties": {"ColorBy": None, "Opacity": 0.5}}],
}


def changed(*path: Any, to: Any) -> dict[str, Any]:
    """The good state with one value replaced, added, or, with `...`, removed."""
    state = copy.deepcopy(GOOD)
    at: Any = state
    for key in path[:-1]:
        at = at[key]
    if to is ...:
        del at[path[-1]]
    elif isinstance(at, list) and path[-1] == len(at):
        at.append(to)
    else:
        at[path[-1]] = to
    return state


def told(session: Session) -> Any:
    """All of a session that loading could change."""
    active = session.proxies.active
    proxies = [(session.proxies.name(one), one.id, repr(one), one.modified) for one in session.proxies]
    shown = [(one.id, one.set_values()) for one in session.all_views()]
    shown += [(one.id, one.set_values()) for one in session.all_representations()]
    return proxies, shown, session.time, session.undo.labels, active.source, active.view, active.selection


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (changed("time", to="noon"), r"is damaged: time: a finite number or null was expected, not 'noon'"),
        (changed("time", to=float("nan")), "time: a finite number"),
        (changed("time", to=10**400), "time: a finite number"),
        (changed("proxies", to=7), "proxies: a list was expected, not 7"),
        (changed("proxies", 0, to=None), r"proxies\[0\]: a map was expected, not None"),
        (changed("proxies", 0, "id", to=True), r"proxies\[0\]\.id: a value of type int was expected, not True"),
        (changed("proxies", 1, "id", to=1), "1 is the id of another proxy as well"),
        (changed("proxies", 0, "kind", to="view"), "'source' or 'object' was expected"),
        (changed("proxies", 1, "kind", to="source"), "objects/Plane is the type of an object, not of a source"),
        (changed("proxies", 0, "name", to=""), r"proxies\[0\]\.name: it is empty"),
        (changed("proxies", 0, "type", to="Spere"), r"cannot be loaded here: proxies\[0\]\.type: UnknownType.*Sphere"),
        (changed("proxies", 0, "type", to=...), r"proxies\[0\]: 'type' is missing"),
        (changed("proxies", 0, "properties", "radius", to=1), r"properties\.radius: the names of properties are Camel"),
        (changed("proxies", 0, "properties", "Radiu", to=1), r"proxies\[0\]: .*no property 'Radiu'; did you mean Rad"),
        (changed("proxies", 0, "properties", "Radius", to="much"), r"Sphere\.Radius takes a number, not str 'much'"),
        (changed("proxies", 0, "properties", "Radius", to=2**70), "more than 64 bits"),
        (changed("proxies", 0, "properties", "Center", to=[0, 0]), "takes 3 values"),
        (changed("proxies", 0, "properties", "Center", to={"a": 1}), "text, or a list of them was expected"),
        (changed("proxies", 2, "properties", "Input", to=1), "Input is an input"),
        (changed("proxies", 2, "properties", "SliceType", to="Pla"), "SliceType holds an object, and not 'Pla'"),
        (changed("proxies", 2, "inputs", "Input", 0, to=[3, 0]), "no proxy that comes before it has the id 3"),
        (changed("proxies", 2, "inputs", "Input", 0, to=[2, 0]), "proxy 2 is an object, and has no output"),
        (changed("proxies", 2, "inputs", "Input", 0, to=[1, 1]), "proxy 1 has no output 1"),
        (changed("proxies", 2, "inputs", "Input", 0, to=[1, -1]), "number of an output was expected, not -1"),
        (changed("proxies", 2, "inputs", "Input", 0, to=1), "number of its output were expected, not 1"),
        (changed("proxies", 2, "inputs", "SliceType", to=[[1, 0]]), "SliceType is a property, and no input"),
        (changed("proxies", 2, "objects", "SliceTyp", to=2), "no property 'SliceTyp'"),
        (changed("proxies", 2, "objects", "Triangulatetheslice", to=2), "Triangulatetheslice holds no object"),
        (changed("proxies", 2, "objects", "SliceType", to="2"), "no proxy that comes before it has the id '2'"),
        (changed("views", 0, to=7), r"views\[0\]: a map was expected, not 7"),
        (changed("views", 0, "id", to=...), r"views\[0\]: 'id' is missing"),
        (changed("views", 1, "id", to=9), "views: two of them have the same id"),
        (changed("views", 0, "kind", to=["RenderView"]), r"views\[0\]\.kind: a value of type str was expected"),
        (changed("views", 0, "kind", to="TableView"), "unknown kind: 'TableView'"),
        (changed("views", 0, "properties", "Texts", to=["hello"]), r"views\[0\]\.properties\.Texts\[0\].* a value of"),
        (changed("views", 0, "properties", "Texts", to=[{"Text": 1}]), r"views\[0\]\.properties: InvalidProperty"),
        (
            changed("views", 0, "properties", "ViewSize", to=[0, 0]),
            r"views\[0\]\.properties: InvalidProperty.*ViewSize",
        ),
        (changed("views", 1, "properties", "Backgroun", to=1), r"views\[1\]\.properties: UnknownProperty.*Background"),
        (changed("views", 0, "properties", "XTitle", to="x" * 70_000), "properties of a view cannot be sent"),
        (changed("representations", 0, "view", to=3), r"representations\[0\]\.view: no view has the id 3"),
        (changed("representations", 0, "source", to=[]), "number of its output"),
        (changed("representations", 0, "source", to=[2, 0]), "proxy 2 is an object"),
        (changed("representations", 0, "source", to=[3, 1]), r"representations\[0\]\.source: there is no output 1"),
        (changed("representations", 0, "properties", "Opacity", to="much"), r"representations\[0\]\.prop.*InvalidProp"),
    ],
)
@in_loop
async def test_what_is_damaged_is_told_and_nothing_is_changed(state: Any, words: str, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text(json.dumps(state))
    async with connect(backend="inproc") as session:
        session.sources.Sphere(Radius=3.0)
        before = told(session)
        with pytest.raises(StateError, match=words):
            await session.load_state(path)
        assert told(session) == before


@pytest.mark.parametrize(
    "text", [b"", b"\xff\xfe", b"[" * 100_000, b"1" * 10_000, b"null", b'"x"', b'{"format": "async-paraview-state"}']
)
@in_loop
async def test_what_is_no_state_at_all(text: bytes, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(text)
    async with connect(backend="inproc") as session:
        with pytest.raises(StateError, match=r"state\.json (is no state file|has version None)"):
            await session.load_state(path)
        assert told(session)[:4] == ([], [], None, ())


@in_loop
async def test_a_connection_that_ends_while_loading_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text(json.dumps(GOOD))
    async with connect(backend="inproc") as session:
        session.sources.Sphere(Radius=3.0)
        await session.load_state(path)  # the types are known from now on
        before = told(session)
        show, calls = session.scene.show, []

        def lost(*arguments: Any, **properties: Any) -> None:
            calls.append(show(*arguments, **properties))
            raise ConnectionLost("the server is gone")

        session.scene.show = lost  # type: ignore[method-assign,assignment]
        with pytest.raises(ConnectionLost):
            await session.load_state(path)
        assert len(calls) == 1 and told(session) == before
        session.scene.show = show  # type: ignore[method-assign]
        assert len(await session.load_state(path)) == 2


@pytest.mark.parametrize(
    ("place", "to", "words"),
    [
        (
            ("views", 0, "properties", "Backgroun"),
            1,
            r"views\[0\]: no property is called 'Backgroun'. Did you mean 'Back",
        ),
        (
            ("representations", 0, "properties", "Opacity"),
            2,
            r"representations\[0\]\.properties\.Opacity: .*from 0 to 1",
        ),
    ],
)
@in_loop
async def test_what_is_wrong_is_refused_where_nothing_can_be_rendered_and_checked(
    place: tuple[Any, ...], to: Any, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.json"
    path.write_text(json.dumps(changed(*place, to=to)))
    async with connect(backend="inproc") as session:
        before, ask = told(session), session.render.send_request
        monkeypatch.setattr(session.render, "send_request", lambda _: ask({"op": "capabilities"}))
        with pytest.raises(StateError, match=words):
            await session.load_state(path)
        assert told(session) == before


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from([1, 2, 3, 9, 0]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("AbRX"), inner, max_size=2),
    max_leaves=5,
)


def places(value: Any, *path: Any) -> Iterator[tuple[Any, ...]]:
    """The paths to all parts of a state."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield (*path, key)
        yield from places(one, *path, key)


def test_a_state_that_is_damaged_anywhere_loads_whole_or_not_at_all(tmp_path: Path) -> None:
    path, everywhere = tmp_path / "state.json", list(places(GOOD))
    loop = asyncio.new_event_loop()
    session: Session = loop.run_until_complete(connect(backend="inproc").__aenter__())

    @settings(max_examples=120, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.sampled_from(everywhere), st.just(...) | VALUES)
    def damage(place: tuple[Any, ...], value: Any) -> None:
        path.write_text(json.dumps(changed(*place, to=value)))
        before = told(session)
        try:
            loop.run_until_complete(session.load_state(path))
        except StateError:
            assert told(session) == before
            return
        added = len(session.proxies) - len(before[0])
        views = len(session.all_views()), len(session.all_representations())
        assert session.undo.undo() == "load state" and told(session)[:4] == before[:4]
        assert 0 <= added <= 4 and views <= (2, 1)

    try:
        damage()
    finally:
        loop.run_until_complete(session.close())
        loop.close()
