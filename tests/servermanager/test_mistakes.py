"""What beginners mistype: the error is raised where it is typed, and says what to type instead."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servermanager import RemoteError, connect

from ..harness.apvtest import in_loop


def told(kind: type[Exception], call: Callable[[], Any]) -> str:
    """Return what an error says."""
    with pytest.raises(kind) as caught:
        call()
    return str(caught.value)


@in_loop
async def test_types_and_views() -> None:
    async with connect() as session:
        wavelet = session.sources.Wavelet()
        assert "takes properties by their names" in told(TypeError, lambda: session.filters.Contour(wavelet))
        assert "as Contour" in told(AttributeError, lambda: session.filters.contour)
        assert "as Plane" in told(AttributeError, lambda: session.objects.plane)
        assert "did you mean RenderView?" in told(AttributeError, lambda: session.views.Renderview)
        await session.definitions.list()
        for call in (lambda: session.filters.Contuor(Input=wavelet), lambda: session.create("Contuor", Input=wavelet)):
            assert "'Contuor' is no type that this server makes; did you mean Contour, ContourGrid" in told(
                RemoteError, call
            )
        with pytest.raises(RemoteError, match=r"'Contuor' is no type that this server makes; did you mean Contour[,?]"):
            await session.filters.Contuor.definition()
        view = session.views.RenderView()
        assert "did you mean save_screenshot?" in told(AttributeError, lambda: view.SaveScreenshot)
        assert "did you mean update_pipeline?" in told(AttributeError, lambda: wavelet.UpdatePipeline)
        with pytest.raises(AttributeError, match="Wavelet has no attribute 'wholeExtent'") as caught:
            _ = wavelet.wholeExtent
        assert caught.value.name == "wholeExtent" and caught.value.obj is wavelet  # the traceback suggests by these


@in_loop
async def test_lists_and_arrays() -> None:
    async with connect() as session:
        contour = session.filters.Contour(Input=session.sources.Wavelet(), ContourBy=("POINTS", "RTData"))
        await contour.definition()

        def put(name: str, value: Any) -> Callable[[], None]:
            return lambda: setattr(contour, name, value)

        assert "takes a list of numbers, not str 'abc'" in told(TypeError, put("Isosurfaces", "abc"))
        assert "takes a list of numbers, not NoneType" in told(TypeError, put("Isosurfaces", None))
        assert 'an array like ("POINTS", "pressure")' in told(TypeError, put("ContourBy", "RTData"))
        contour.Isosurfaces = 150.0  # one number is a list of one, as in ParaView
        one = (await contour.update_pipeline()).number_of_points
        contour.Isosurfaces = [150.0]
        assert one == (await contour.update_pipeline()).number_of_points > 1000


@in_loop
async def test_a_name_of_an_array_alone_is_refused_by_the_server_too() -> None:
    async with connect() as session:
        contour = session.filters.Contour(Input=session.sources.Wavelet(), ContourBy="RTData")  # not known yet here
        with pytest.raises(RemoteError, match=r'ContourBy .* an array like \("POINTS", "pressure"\)'):
            await contour.update_pipeline()


@pytest.mark.parametrize("arrays", ["RTData", ["RTData"], ("POINTS", "RTData")])
@in_loop
async def test_arrays_to_fetch_are_pairs(arrays: Any) -> None:
    async with connect() as session:
        with pytest.raises(TypeError, match=r'arrays are a list like \[\("POINTS", "pressure"\)'):
            await session.sources.Wavelet().fetch(arrays=arrays)


@pytest.mark.parametrize("name", ["a.h5", "a.grib", "a.wmf", "a.xbm", "a.mp4", "a"])
@in_loop
async def test_suffixes_that_are_no_pictures_are_refused_at_once(name: str, tmp_path: Path) -> None:
    async with connect() as session:
        view = session.views.RenderView(ViewSize=[40, 30])
        with pytest.raises(ValueError, match=r"images are not saved as .*use \.png.*save_animation"):
            await view.save_screenshot(tmp_path / name)


@in_loop
async def test_what_a_prompt_shows_of_views_is_short() -> None:
    async with connect() as session:
        view = session.views.RenderView(ViewSize=[40, 30])
        wavelet = session.sources.Wavelet()
        shown = session.show(wavelet, view, Representation="Outline")
        assert repr(view) == f"<RenderView {view.id}: ViewSize=[40, 30]>"
        of = f"GeometryRepresentation {shown.id} of Wavelet {wavelet.id}"
        assert repr(shown) == f"<{of}: ColorBy=None, Representation='Outline'>"
        assert repr(session.views).startswith("<views: RenderView, XYChartView")


@in_loop
async def test_one_name_is_suggested_of_many() -> None:
    async with connect() as session:
        view = session.views.RenderView()
        session.show(session.sources.Wavelet(), view, LookupTable="viridiss", ColorBy=("POINTS", "RTData"))
        with pytest.raises(RemoteError, match=r"no color preset is called 'viridiss'\. Did you mean 'Viridis'\?$"):
            await view.screenshot()
