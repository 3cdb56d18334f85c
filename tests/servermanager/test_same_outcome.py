"""The same line has the same outcome, whether the definition of its type has arrived before it or not."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from servermanager import ObjectProxy, RemoteError, Session, SourceProxy, connect

from ..harness.apvtest import BACKENDS, in_loop
from ..harness.time_limits import scaled

BOTH = pytest.mark.parametrize("backend", BACKENDS)
TYPES = ("Wavelet", "Slice", "Sphere", "Shrink", "Contour", "objects/Sphere", "objects/Plane")


async def session_that_knows(session: Session, *types: str) -> None:
    for one in types:
        await session.definitions.definition(one)


def told(session: Session) -> tuple[list[str], tuple[str, ...], list[dict[str, Any]]]:
    """What there is, and what can be undone."""
    return (
        [f"{session.proxies.name(one)}: {type(one).__name__}" for one in session.proxies],
        session.undo.labels,
        [one.plain_state() for one in session.proxies],
    )


def cut(session: Session) -> SourceProxy:
    return session.filters.Slice(Input=session.sources.Wavelet(), SliceType="Sphere")


def cut_later(session: Session) -> SourceProxy:
    made = session.filters.Slice(Input=session.sources.Wavelet())
    made.SliceType = "Sphere"
    return made


def no_input(session: Session) -> SourceProxy:
    made = session.filters.Shrink(Input=session.sources.Sphere())
    made.Input = None
    made.Input = session.sources.Sphere(Radius=2.0)
    return made


@pytest.mark.parametrize("line", [cut, cut_later, no_input])
@in_loop
async def test_a_right_line_makes_the_same(line: Callable[[Session], SourceProxy]) -> None:
    outcomes = []
    for types in ((), TYPES):
        async with connect() as session:
            await session_that_knows(session, *types)
            made = line(session)
            information = await made.update_pipeline()
            there = told(session)
            if line is not no_input:
                held = made.SliceType
                assert isinstance(held, ObjectProxy) and held.Radius == 0.5
            assert session.proxies.state(made) == "unmodified"
            while session.undo.undo() is not None:
                assert not session.proxies or (await made.definition())
            assert len(session.proxies) == 0
            while session.undo.redo() is not None:
                pass
            again = await made.update_pipeline()
            assert again.number_of_points == information.number_of_points
            names = sorted(there[0])
            outcomes.append((information.number_of_points, information.bounds, names, there[1], len(session.proxies)))
    assert outcomes[0] == outcomes[1]


WRONG: list[tuple[Callable[[Session], Any], str]] = [
    (lambda s: s.sources.Sphere(Radiuss=2.0), r"Sphere1.*'Radiuss'; did you mean Radius"),
    (lambda s: s.sources.Sphere(Radius="big"), r"Sphere1\.Radius.*takes a number, not str 'big'"),
    (lambda s: s.filters.Shrink(Inputt=s.sources.Sphere()), r"Shrink1.*'Inputt'; did you mean Input"),
    (lambda s: s.filters.Shrink(Input=3), r"Shrink1.*Input is an input"),
    (lambda s: s.filters.Slice(Input=s.sources.Wavelet(), SliceType=3), r"Slice1\.SliceType.*holds an object, not 3"),
]


@pytest.mark.parametrize(("line", "message"), WRONG)
@in_loop
async def test_a_wrong_value_is_told_by_the_first_await_and_set_back(
    line: Callable[[Session], SourceProxy], message: str
) -> None:
    async with connect() as session:
        made = line(session)
        with pytest.raises(RemoteError, match=message):
            await made.update_pipeline()
        assert all(value is not None and "Input" in name for name, value in made.set_values().items())
        with pytest.raises((AttributeError, TypeError, ValueError)) as raised:
            line(session)  # the same line, now that it is known
        assert str(raised.value).split(";")[0][-20:] in message.replace("\\", "") or raised.value.args


@in_loop
async def test_what_was_set_before_a_wrong_value_is_there_again() -> None:
    async with connect() as session:
        sphere = session.sources.Sphere(Radius=2.0)
        sphere.Radius = "big"
        sphere.Center = [1.0, 0.0, 0.0]
        heard: list[Any] = []
        sphere.watch(lambda name, value: heard.append((name, value)))
        with pytest.raises(RemoteError, match=r"InvalidProperty: Sphere1\.Radius: Sphere\.Radius takes a number"):
            await sphere.update_pipeline()
        assert sphere.set_values() == {"Radius": 2.0, "Center": [1.0, 0.0, 0.0]} and heard == [("Radius", 2.0)]
        assert session.undo.labels == ("create Sphere", "set Sphere.Center")
        bounds = (await sphere.update_pipeline()).bounds
        assert bounds is not None and (bounds[0], bounds[1]) == pytest.approx((-1.0, 3.0), abs=0.1)


@BOTH
@in_loop
async def test_a_definition_never_arrives_between_two_lines_that_await_nothing(backend: str) -> None:
    async with connect(backend=backend) as session:
        reply = session.definitions.ask("Sphere")
        answered = threading.Event()
        reply.add_done_callback(answered.set)
        assert answered.wait(scaled(10.0))  # the loop has not had a turn since
        sphere = session.sources.Sphere(Radius="big")
        assert not session.definitions.is_known("Sphere")
        with pytest.raises(RemoteError, match=r"Sphere1\.Radius: .*takes a number"):
            await sphere.update_pipeline()
        with pytest.raises(TypeError, match="takes a number"):
            sphere.Radius = "big"


@BOTH
@in_loop
async def test_a_list_of_types_never_arrives_between_two_lines_that_await_nothing(backend: str) -> None:
    async with connect(backend=backend) as session:
        listing = asyncio.create_task(session.definitions.list())
        await asyncio.sleep(0)  # it is asked for
        after = threading.Event()  # set as soon as what was asked after the list is there: so is the list
        session.definitions.ask("Sphere").add_done_callback(after.set)
        assert after.wait(scaled(10.0))
        nothing = session.sources.Nothing()
        assert session.definitions.names("sources") == () and nothing in session.proxies
        assert "Wavelet" in [one.name for one in await listing]
        assert "Wavelet" in session.definitions.names("sources")
        with pytest.raises(RemoteError, match="'Nothing' is no type that this server makes"):
            await nothing.update_pipeline()
        with pytest.raises(RemoteError, match="'Nothingness' is no type that this server makes"):
            session.sources.Nothingness()


@in_loop
async def test_a_wrong_value_that_is_set_right_in_time_is_told_to_nobody() -> None:
    async with connect() as session:
        sphere = session.sources.Sphere(Radius="big")
        sphere.Radius = 3.0
        assert (await sphere.update_pipeline()).number_of_points > 0
        assert sphere.Radius == 3.0


@in_loop
async def test_a_misspelt_type_is_no_proxy() -> None:
    async with connect() as session:
        kept = session.sources.Sphere(Radius=2.0)
        misspelt = session.sources.Sphree(Radius=2.0)
        for _ in range(2):
            with pytest.raises(RemoteError, match=r"UnknownType: 'Sphree' .*Sphere"):
                await misspelt.update_pipeline()
        assert list(session.proxies) == [kept] and "Sphree" not in str(session.proxies)
        assert session.undo.labels == ("create Sphere",) and session.proxies.find_source("Sphree1") is None
        with pytest.raises(RemoteError, match="UnknownType"):
            session.sources.Sphree()  # known by now
        assert list(session.proxies) == [kept] and session.undo.labels == ("create Sphere",)
        with pytest.raises(RemoteError, match="UnknownType"):
            session.filters.Shrink(Input=misspelt)


@BOTH
@in_loop
async def test_a_misspelt_type_is_no_proxy_where_the_answer_came_before_it_was_awaited(backend: str) -> None:
    async with connect(backend=backend) as session:
        misspelt = session.sources.Sphree()
        answered = threading.Event()
        session.definitions.ask("Sphree").add_done_callback(answered.set)
        assert answered.wait(scaled(10.0))  # the loop has not had a turn since
        assert misspelt in session.proxies
        with pytest.raises(RemoteError, match="UnknownType"):
            await session.definitions.definition("Sphree")
        assert len(session.proxies) == 0 and session.undo.undo() is None


@in_loop
async def test_a_misspelt_type_is_no_proxy_after_any_await() -> None:
    async with connect() as session:
        session.sources.Sphree()
        with pytest.raises(RemoteError, match="UnknownType"):
            await session.definitions.definition("Sphree")
        assert len(session.proxies) == 0 and session.undo.undo() is None


@in_loop
async def test_what_used_a_misspelt_type_is_as_it_was_before() -> None:
    async with connect() as session:
        sphere = session.sources.Sphere()
        shrunk = session.filters.Shrink(Input=sphere)
        both = session.filters.AppendDatasets(Input=[sphere, session.sources.Sphree()])
        shrunk.Input = session.sources.Sphree()
        with pytest.raises(RemoteError, match=r"UnknownType: Shrink1\.Input: 'Sphree' "):
            await shrunk.update_pipeline()
        assert shrunk.inputs() == {"Input": [sphere.port(0)]}
        with pytest.raises(RemoteError, match=r"UnknownType: AppendDatasets1\.Input: 'Sphree' "):
            await both.update_pipeline()
        assert both.inputs() == {"Input": [sphere.port(0)]}
        assert (await shrunk.update_pipeline()).number_of_points > 0
        assert (await both.update_pipeline()).number_of_points > 0


@in_loop
async def test_a_misspelt_object_is_no_proxy() -> None:
    async with connect() as session:
        made = session.filters.Slice(Input=session.sources.Wavelet(), SliceType="Sphree")
        with pytest.raises(RemoteError, match=r"UnknownType: Slice1\.SliceType: 'Sphree' .*did you mean Sphere"):
            await made.update_pipeline()
        assert [one.type_name for one in session.proxies] == ["Wavelet", "Slice"]
        assert made.SliceType.type_name == "Plane"
        assert (await made.update_pipeline()).number_of_points == 441


@BOTH
@in_loop
async def test_a_view_that_shows_a_misspelt_type_says_so_once(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = session.views.RenderView(ViewSize=[40, 30])
        session.show(session.sources.Sphree(), view)
        with pytest.raises(RemoteError, match=r"UnknownType: 'Sphree'"):
            await view.screenshot()
        assert session.all_representations() == []
        assert (await view.screenshot()).width == 40


@in_loop
async def test_every_await_waits_for_the_definition(tmp_path: Any) -> None:
    async with connect() as session:
        ways: list[Callable[[SourceProxy], Any]] = [
            lambda one: one.fetch(),
            lambda one: one.update_property_information(),
            lambda one: session.save_data(tmp_path / "out.vtp", one),
            lambda one: anext(aiter(session.rows(one))),
            lambda one: one.temporal_information(),
        ]
        types = ("SphereSource", "ConeSource", "DiskSource", "CubeSource", "ArrowSource")
        for way, type_name in zip(ways, types, strict=True):
            with pytest.raises(RemoteError, match=rf"{type_name.removesuffix('Source')}1\.Colour: .*no property"):
                await way(session.create(type_name, Colour="red"))


@in_loop
async def test_names_are_refused_at_the_call_once_they_were_listed() -> None:
    async with connect() as session:
        listed = await session.definitions.list()
        apart = ("objects", "annotations", "representations")  # made elsewhere: session.objects.Plane, session.show
        assert len({(one.group if one.group in apart else "", one.name) for one in listed}) == len(listed)
        for name in ("Sphree", "vtkXMLWriter"):
            with pytest.raises(RemoteError, match=r"UnknownType: .*no type that this server makes"):
                session.create(name)
        with pytest.raises(RemoteError, match=r"UnknownType.*did you mean .*Sphere"):
            session.objects.Sphree()
        assert len(session.proxies) == 0 and session.undo.labels == ()
        for name in ("Sphere", "vtkSphereSource", "SphereSource", "vtkThreshold"):
            await session.create(name).definition()
        await session.objects.vtkPlane().definition()
        assert len(session.proxies) == 5


@in_loop
async def test_names_of_the_package_itself_are_aliases_that_warn() -> None:
    async with connect() as session:
        sphere = session.sources.Sphere()
        with pytest.warns(DeprecationWarning, match=r"session\.own goes with the next release"):
            session.own(sphere)  # type: ignore[attr-defined]
        with pytest.warns(DeprecationWarning, match=r"session\.time_or goes with the next release"):
            assert session.time_or(2.0) == 2.0  # type: ignore[attr-defined]
        with pytest.raises(AttributeError, match="'Session' object has no attribute 'colour'"):
            session.colour  # type: ignore[attr-defined]  # noqa: B018


@BOTH
@in_loop
async def test_undo_never_leads_to_what_was_wrong(backend: str) -> None:
    async with connect(backend=backend) as session:
        first = session.create("Sphere", Radius="wrong")
        first.Radius = 4.0
        sphere = session.create("Sphere")
        for radius in (2.0, "wrong", 3.0, "worse"):
            sphere.Radius = radius
        with pytest.raises(RemoteError, match="worse"):
            await sphere.update_pipeline()
        await first.update_pipeline()
        seen = []
        while session.undo.undo():
            seen.append((sphere.Radius, first.Radius))
        assert seen == [(2.0, 4.0), (0.5, 4.0), (0.5, 4.0), (0.5, 0.5), (0.5, 0.5)]
        while session.undo.redo():
            pass
        assert (sphere.Radius, first.Radius) == (3.0, 4.0)
        bounds = (await sphere.update_pipeline()).bounds
        assert bounds is not None and bounds[5] == 3.0


@in_loop
async def test_redo_never_leads_to_what_was_wrong() -> None:
    async with connect() as session:
        sphere = session.create("Sphere")
        for radius in (2.0, "wrong", 3.0):
            sphere.Radius = radius
        session.undo.undo()
        session.undo.undo()
        await sphere.update_pipeline()
        while session.undo.redo():
            pass
        assert sphere.Radius == 3.0


def wrong_and_set_back(session: Session) -> SourceProxy:
    made = session.create("Sphere")
    made.Radiuss = 3.0
    del made.Radiuss
    return made


def wrong_while_deleted(session: Session) -> SourceProxy:
    made = session.create("Sphere")
    session.delete(made)
    made.Radiuss = 3.0
    session.undo.undo()
    return made


def a_property_is_no_input(session: Session) -> SourceProxy:
    made = session.create("Sphere")
    made.Radius = session.create("Cone")
    return made


@pytest.mark.parametrize("line", [wrong_and_set_back, wrong_while_deleted, a_property_is_no_input])
@in_loop
async def test_what_was_wrong_is_nowhere_once_it_was_told(line: Callable[[Session], SourceProxy]) -> None:
    async with connect() as session:
        made = line(session)
        with suppress(RemoteError):
            await made.update_pipeline()
        await made.update_pipeline()
        assert made.set_values() == {}
        while session.undo.undo():
            pass
        assert not list(session.proxies)
        while session.undo.redo():
            pass
        assert made.set_values() == {}


@in_loop
async def test_a_property_is_no_input_once_that_is_known() -> None:
    async with connect() as session:
        sphere, cone = session.create("Sphere"), session.create("Cone")
        await sphere.definition()
        with pytest.raises(TypeError, match=r"Sphere\.Radius is a property, and no input"):
            sphere.Radius = cone
        with pytest.raises(TypeError, match=r"Sphere\.Radius is a property, and no input"):
            sphere.Radius = [cone.port(0)]
        assert sphere.Radius == 0.5


def holds_what_is_none(session: Session) -> SourceProxy:
    made = session.create("Sphere")
    made.Input = session.create("Spheer")
    made.Input = None
    del made.Input
    return made


def was_deleted_with_what_is_none(session: Session) -> SourceProxy:
    made = session.create("Shrink")
    made.Input = session.create("Spheer")
    session.delete(made)
    session.update_vtk_objects()
    return made


def was_deleted_after_what_was_wrong(session: Session) -> SourceProxy:
    made = session.create("Shrink")
    made.Isosurfaces = [1.0]
    del made.Isosurfaces
    session.delete(made)
    return made


def was_the_name_of_a_type(session: Session) -> SourceProxy:
    made = session.create("Slice")
    made.SliceType = "Sphere"
    del made.SliceType
    return made


def is_set_to_what_is_known_to_be_none(session: Session) -> SourceProxy:
    made = session.create("Slice")
    made.SliceType = "Plain"
    del made.SliceType
    made.SliceType = "Plain"
    return made


@pytest.mark.parametrize(
    "line",
    [
        holds_what_is_none,
        was_deleted_with_what_is_none,
        was_deleted_after_what_was_wrong,
        was_the_name_of_a_type,
        is_set_to_what_is_known_to_be_none,
    ],
)
@in_loop
async def test_what_is_none_is_in_no_step(line: Callable[[Session], SourceProxy]) -> None:
    async with connect() as session:
        with pytest.raises(RemoteError, match="Plain"):
            await session.definitions.definition("objects/Plain")
        made = line(session)
        for type_name in (made.wire_type, "Spheer"):
            with suppress(RemoteError):
                await session.definitions.definition(type_name)
        for _ in range(2):
            with suppress(RemoteError):
                await session.sources.Sphere(Center=[1.0, 0.0, 0.0]).update_pipeline()
        session.update_vtk_objects()
        while session.undo.undo():
            pass
        assert not list(session.proxies)
        while session.undo.redo():
            pass
        assert made.set_values() == {}
