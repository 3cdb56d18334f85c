"""What is wrong in a script is one error that says what there is, and nothing half made is left: in all three faces."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from servermanager import Session, StateError, connect, simple, sync
from services_core import RemoteError

from ..harness.apvtest import in_loop
from .test_paraview_states import written

SMALL: Final = [-2, 2, -2, 2, -2, 2]
PLUGIN: Final = ('group="filters" type="Contour"', 'group="filters" type="PluginContour"')
EXPECTED: Final[dict[str, tuple[tuple[type[Exception], ...], str, int]]] = {
    "type": ((AttributeError, RemoteError), r"'Contuor'.*did you mean.*Contour", 1),
    "property": ((AttributeError,), r"Sphere has no property 'Radios'; did you mean Radius\?", 1),
    "array": ((RemoteError,), "the input has no POINTS array 'heat'. It has: POINTS RTData", 2),
    "colors": ((RemoteError, ValueError), "no point array is called 'heat'. Known: Normals", 1),
    "file": ((RemoteError,), r"moved\.vti: no such file on the server", 0),
    "plugin": ((StateError,), "Iso cannot be made here: filters/PluginContour is no type of ParaView", 0),
    "moved": ((StateError,), r"tets\.vtu.*not on the server.*paths=", 0),
}
"""By what is wrong: the errors, what they say, and how many sources there are afterwards: those that were right."""


async def _type(session: Session, _folder: Path) -> None:
    await session.filters.Contuor(Input=session.sources.Wavelet(WholeExtent=SMALL)).update_pipeline()


async def _property(session: Session, _folder: Path) -> None:
    sphere = session.sources.Sphere()
    await sphere.definition()
    sphere.Radios = 2.0


async def _array(session: Session, _folder: Path) -> None:
    image = session.sources.Wavelet(WholeExtent=SMALL)
    await session.filters.Contour(Input=image, ContourBy=("POINTS", "heat"), Isosurfaces=[1.0]).update_pipeline()


async def _colors(session: Session, _folder: Path) -> None:
    view = session.views.RenderView(ViewSize=[40, 30])
    session.show(session.sources.Sphere(), view, ColorBy=("POINTS", "heat"))
    await view.ready()


async def _file(session: Session, folder: Path) -> None:
    await session.open(str(folder / "moved.vti"))


async def _plugin(session: Session, folder: Path) -> None:
    await session.load_state(written("filters", folder, PLUGIN))


async def _moved(session: Session, folder: Path) -> None:
    await session.load_state(written("files", folder))


AWAITED: Final[dict[str, Callable[[Session, Path], Awaitable[None]]]] = {
    "type": _type, "property": _property, "array": _array, "colors": _colors, "file": _file, "plugin": _plugin,
    "moved": _moved,
}  # fmt: skip


@in_loop
async def check_awaited(what: str, folder: Path) -> None:
    errors, said, left = EXPECTED[what]
    async with connect() as session:
        with pytest.raises(errors, match=f"(?s){said}"):
            await AWAITED[what](session, folder)
        assert len(session.proxies.sources()) == left
        assert (await session.sources.Sphere().update_pipeline()).number_of_points == 50, "the session goes on"


def _blocking(session: Any, what: str, folder: Path) -> None:
    """Do in a session that blocks what is wrong."""
    match what:
        case "type":
            session.filters.Contuor(Input=session.sources.Wavelet(WholeExtent=SMALL)).update_pipeline()
        case "property":
            session.sources.Sphere().Radios = 2.0
        case "array":
            image = session.sources.Wavelet(WholeExtent=SMALL)
            session.filters.Contour(Input=image, ContourBy=("POINTS", "heat"), Isosurfaces=[1.0]).update_pipeline()
        case "colors":
            view = session.views.RenderView(ViewSize=[40, 30])
            session.show(session.sources.Sphere(), view, ColorBy=("POINTS", "heat"))
            view.ready()
        case "file":
            session.open(str(folder / "moved.vti"))
        case "plugin":
            session.load_state(written("filters", folder, PLUGIN))
        case "moved":
            session.load_state(written("files", folder))


def _scripted(what: str, folder: Path) -> None:
    """Do by ParaView's functions what is wrong."""
    match what:
        case "type":
            image = simple.Wavelet(WholeExtent=SMALL)
            make: Any = simple.Contuor
            make(Input=image)
        case "property":
            simple.Sphere().Radios = 2.0
        case "array":
            image = simple.Wavelet(WholeExtent=SMALL)
            simple.Contour(Input=image, ContourBy=["POINTS", "heat"], Isosurfaces=[1.0]).UpdatePipeline()
        case "colors":
            view = simple.CreateRenderView(ViewSize=[40, 30])
            simple.ColorBy(simple.Show(simple.Sphere(), view), ("POINTS", "heat"))
            simple.Render(view)
        case "file":
            simple.OpenDataFile(str(folder / "moved.vti"))
        case "plugin":
            simple.LoadState(str(written("filters", folder, PLUGIN)))
        case "moved":
            simple.LoadState(str(written("files", folder)))


@pytest.fixture
def no_session_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("APV_COMMUNICATION_BACKEND", "inproc")
    yield
    simple.Disconnect()


@pytest.mark.parametrize("what", EXPECTED)
def test_it_is_one_error_where_it_is_awaited(what: str, tmp_path: Path) -> None:
    check_awaited(what, tmp_path)


@pytest.mark.parametrize("what", EXPECTED)
def test_it_is_one_error_in_a_blocking_program(what: str, tmp_path: Path) -> None:
    errors, said, left = EXPECTED[what]
    with sync.connect() as session:
        with pytest.raises(errors, match=f"(?s){said}"):
            _blocking(session, what, tmp_path)
        assert len(session.proxies.sources()) == left
        assert session.sources.Sphere().update_pipeline().number_of_points == 50


@pytest.mark.usefixtures("no_session_is_left")
@pytest.mark.parametrize("what", EXPECTED)
def test_it_is_one_error_in_a_script_of_paraviews(what: str, tmp_path: Path) -> None:
    errors, said, left = EXPECTED[what]
    with pytest.raises(errors, match=f"(?s){said}"):
        _scripted(what, tmp_path)
    assert len(simple.GetSources()) == left
    assert simple.Sphere().GetDataInformation().GetNumberOfPoints() == 50


@pytest.mark.usefixtures("no_session_is_left")
def test_a_text_is_no_number_and_nothing_is_made_with_it() -> None:
    image = simple.Wavelet(WholeExtent=SMALL)
    for wrong in ("many", ["many"], [1.0, "2"]):
        with pytest.raises(TypeError, match="Isosurfaces takes numbers, not"):
            simple.Contour(Input=image, Isosurfaces=wrong)
    with pytest.raises(TypeError, match="Maximum takes numbers, not 'much'"):
        image.Maximum = "much"
    assert len(simple.GetSources()) == 1 and image.Maximum == 255.0
