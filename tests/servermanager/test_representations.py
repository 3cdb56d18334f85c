"""Every kind of representation and way to colour, end to end, against plain VTK drawing the same data."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from vtkmodules.vtkCommonCore import vtkLookupTable
from vtkmodules.vtkCommonDataModel import vtkPiecewiseFunction
from vtkmodules.vtkFiltersCore import vtkElevationFilter, vtkFeatureEdges, vtkTubeFilter
from vtkmodules.vtkFiltersGeometry import vtkGeometryFilter
from vtkmodules.vtkFiltersSources import vtkConeSource, vtkLineSource, vtkOutlineSource, vtkSphereSource
from vtkmodules.vtkImagingCore import vtkExtractVOI, vtkRTAnalyticSource
from vtkmodules.vtkRenderingCore import (
    vtkColorTransferFunction,
    vtkGlyph3DMapper,
    vtkPointGaussianMapper,
    vtkVolume,
)
from vtkmodules.vtkRenderingVolumeOpenGL2 import vtkOpenGLGPUVolumeRayCastMapper

from servermanager import RemoteError, Session, SourceProxy, connect

from ..harness import plain_vtk
from ..harness.apvtest import BACKENDS, in_loop
from ..harness.plain_vtk import actor, colored
from ..harness.unchecked import tell_unchecked

CAMERA = {"CameraPosition": (4.0, 3.0, 6.0), "CameraFocalPoint": (0.0, 0.0, 0.0), "CameraViewUp": (0.0, 1.0, 0.0)}
FAR = {**CAMERA, "CameraPosition": (40.0, 30.0, 60.0)}
RED = (0.9, 0.2, 0.1)


def output(algorithm: Any, *inputs: Any) -> Any:
    if inputs:
        algorithm.SetInputDataObject(inputs[0])
    algorithm.Update()
    return algorithm.GetOutputDataObject(0)


def cone() -> Any:
    source = vtkConeSource()
    source.SetResolution(12)
    source.SetHeight(3)
    return output(source)


def wavelet() -> Any:
    source = vtkRTAnalyticSource()
    source.SetWholeExtent(-8, 8, -8, 8, -8, 8)
    return output(source)


def heights() -> Any:
    """A sphere with the POINTS array Elevation from 0 to 1 along y."""
    source, elevation = vtkSphereSource(), vtkElevationFilter()
    source.SetThetaResolution(24)
    source.SetPhiResolution(24)
    source.SetRadius(1.5)
    elevation.SetLowPoint(0, -1.5, 0)
    elevation.SetHighPoint(0, 1.5, 0)
    return output(elevation, output(source))


def shown_heights(session: Session) -> SourceProxy:
    ball = session.sources.Sphere(ThetaResolution=24, PhiResolution=24, Radius=1.5)
    return session.create("vtkElevationFilter", Input=ball, LowPoint=(0, -1.5, 0), HighPoint=(0, 1.5, 0))


def shown_cone(session: Session) -> SourceProxy:
    return session.create("vtkConeSource", Resolution=12, Height=3)


def shown_wavelet(session: Session) -> SourceProxy:
    return session.create("vtkRTAnalyticSource", WholeExtent=(-8, 8, -8, 8, -8, 8))


def grayscale(low: float, high: float, count: int = 256) -> Any:
    table = vtkLookupTable()
    table.SetNumberOfTableValues(count)
    for index in range(count):
        gray = index / (count - 1)
        table.SetTableValue(index, gray, gray, gray, 1.0)
    table.SetTableRange(low, high)
    table.SetNanColor(0.5, 0.5, 0.5, 1.0)
    return table


def edges() -> Any:
    filter_ = vtkFeatureEdges()
    filter_.ColoringOff()
    return output(filter_, cone())


def outline() -> Any:
    source = vtkOutlineSource()
    source.SetBounds(cone().GetBounds())
    return output(source)


def a_slice() -> Any:
    extract = vtkExtractVOI()
    extract.SetVOI(-8, 8, -8, 8, -3, -3)
    surface = output(vtkGeometryFilter(), output(extract, wavelet()))
    surface.GetPointData().SetNormals(None)
    return surface


def glyphs(table: Any = None) -> Any:
    mapper = vtkGlyph3DMapper()
    mapper.SetSourceData(_cone_glyph())
    mapper.SetScaleFactor(0.3)
    mapper.SetScaleModeToScaleByMagnitude()
    mapper.SetScaleArray("Elevation")
    mapper.OrientOff()
    if table is None:
        return actor(heights(), mapper, Color=RED)
    made = colored(heights(), "Elevation", table, mapper)
    mapper.InterpolateScalarsBeforeMappingOff()
    return made


def _cone_glyph() -> Any:
    return output(vtkConeSource())


def gaussians(table: Any = None) -> Any:
    mapper = vtkPointGaussianMapper()
    mapper.SetScaleFactor(0.1)
    mapper.EmissiveOff()
    if table is None:
        return actor(heights(), mapper, Color=RED)
    made = colored(heights(), "Elevation", table, mapper)
    mapper.InterpolateScalarsBeforeMappingOff()
    return made


def a_line() -> Any:
    source = vtkLineSource()
    source.SetPoint1(-1, -1, 0)
    source.SetPoint2(1, 1, 1)
    return output(source)


def tube() -> Any:
    filter_ = vtkTubeFilter()
    filter_.SetRadius(0.2)
    filter_.SetNumberOfSides(8)
    filter_.CappingOn()
    return output(filter_, a_line())


def volume(shade: bool = False) -> Any:
    mapper, made = vtkOpenGLGPUVolumeRayCastMapper(), vtkVolume()
    data = wavelet()
    mapper.SetInputData(data)
    mapper.SetAutoAdjustSampleDistances(False)
    mapper.SetUseJittering(True)
    made.SetMapper(mapper)
    colors, opacity = vtkColorTransferFunction(), vtkPiecewiseFunction()
    low, high = data.GetScalarRange()
    for index in range(256):
        value, level = low + (high - low) * index / 255, index / 255
        colors.AddRGBPoint(value, level, level, level)
        opacity.AddPoint(value, level)
    look = made.GetProperty()
    look.SetColor(colors)
    look.SetScalarOpacity(opacity)
    look.SetInterpolationTypeToLinear()
    look.SetShade(shade)
    look.SetAmbient(0.1)
    look.SetDiffuse(1)
    look.SetSpecular(0)
    look.SetSpecularPower(30)
    look.SetScalarOpacityUnitDistance(data.GetLength() / 17)
    return made


def _elevation(table: Any, **look: Any) -> Any:
    return colored(heights(), "Elevation", table, **look)


def _log(low: float, high: float) -> Any:
    table = grayscale(low, high)
    table.SetScaleToLog10()
    return table


def _two_colors() -> Any:
    table = vtkLookupTable()
    table.SetNumberOfTableValues(256)
    for index in range(256):
        table.SetTableValue(index, 1 - index / 255, 0.0, index / 255, 1.0)
    table.SetTableRange(0.25, 0.75)
    return table


def _outside() -> Any:
    table = grayscale(0.3, 0.6)
    table.UseBelowRangeColorOn()
    table.SetBelowRangeColor(1, 0, 0, 1)
    table.UseAboveRangeColorOn()
    table.SetAboveRangeColor(0, 1, 0, 1)
    return table


@dataclass(frozen=True)
class Case:
    """What is shown how, and what plain VTK draws for it."""

    source: Callable[[Session], SourceProxy]
    properties: dict[str, Any]
    plain: Callable[[], Any]
    camera: dict[str, Any] = field(default_factory=lambda: CAMERA)
    peeling: bool = False


HEIGHTS: tuple[float, float] = heights().GetPointData().GetArray("Elevation").GetRange()
"""Of a sphere whose points do not lie on its poles: not quite 0 to 1."""

GRAY = {"ColorBy": ("POINTS", "Elevation"), "LookupTable": "Grayscale"}
CASES: dict[str, Case] = {
    "surface": Case(shown_cone, {"Color": RED}, lambda: actor(cone(), Color=RED)),
    "shiny, flat": Case(
        shown_cone,
        {"Color": RED, "Specular": 0.6, "SpecularPower": 20, "Interpolation": "Flat", "Ambient": 0.2},
        lambda: actor(cone(), Color=RED, Specular=0.6, SpecularPower=20, Interpolation=0, Ambient=0.2),
    ),
    "translucent": Case(
        shown_cone, {"Color": RED, "Opacity": 0.4}, lambda: actor(cone(), Color=RED, Opacity=0.4), peeling=True
    ),
    "surface with edges": Case(
        shown_cone,
        {"Representation": "Surface With Edges", "EdgeColor": (0, 1, 0)},
        lambda: actor(cone(), EdgeVisibility=True, EdgeColor=(0, 1, 0)),
    ),
    "wireframe": Case(
        shown_cone,
        {"Representation": "Wireframe", "LineWidth": 2},
        lambda: actor(cone(), Representation=1, LineWidth=2),
    ),
    "points": Case(
        shown_cone, {"Representation": "Points", "PointSize": 5}, lambda: actor(cone(), Representation=0, PointSize=5)
    ),
    "outline": Case(shown_cone, {"Representation": "Outline", "Color": RED}, lambda: actor(outline(), Color=RED)),
    "feature edges": Case(
        shown_cone, {"Representation": "Feature Edges", "LineWidth": 2}, lambda: actor(edges(), LineWidth=2)
    ),
    "slice": Case(
        shown_wavelet,
        {"Representation": "Slice", "Slice": 5, "ColorBy": ("POINTS", "RTData"), "LookupTable": "Grayscale"},
        lambda: colored(a_slice(), "RTData", grayscale(*wavelet().GetScalarRange()), Lighting=False),
        camera=FAR,
    ),
    "glyphs": Case(
        shown_heights,
        {
            "Representation": "3D Glyphs",
            "GlyphType": "Cone",
            "ScaleArray": ("POINTS", "Elevation"),
            "ScaleFactor": 0.3,
            "Color": RED,
        },
        glyphs,
    ),
    "coloured glyphs": Case(
        shown_heights,
        {
            "Representation": "3D Glyphs",
            "GlyphType": "Cone",
            "ScaleArray": ("POINTS", "Elevation"),
            "ScaleFactor": 0.3,
            **GRAY,
        },
        lambda: glyphs(grayscale(*HEIGHTS)),
    ),
    "gaussians": Case(
        shown_heights, {"Representation": "Point Gaussian", "GaussianRadius": 0.1, "Color": RED}, gaussians
    ),
    "coloured gaussians": Case(
        shown_heights,
        {"Representation": "Point Gaussian", "GaussianRadius": 0.1, **GRAY},
        lambda: gaussians(grayscale(*HEIGHTS)),
    ),
    "tubes": Case(
        lambda session: session.create("vtkLineSource", Point1=(-1, -1, 0), Point2=(1, 1, 1)),
        {"Representation": "Tubes", "TubeRadius": 0.2},
        lambda: actor(tube()),
    ),
    "volume": Case(
        shown_wavelet,
        {"Representation": "Volume", "ColorBy": ("POINTS", "RTData"), "LookupTable": "Grayscale"},
        volume,
        camera=FAR,
    ),
    "shaded volume": Case(
        shown_wavelet,
        {"Representation": "Volume", "ColorBy": ("POINTS", "RTData"), "LookupTable": "Grayscale", "Shade": True},
        lambda: volume(shade=True),
        camera=FAR,
    ),
    "numbers": Case(shown_heights, GRAY, lambda: _elevation(grayscale(*HEIGHTS))),
    "range": Case(shown_heights, {**GRAY, "ScalarRange": (0.4, 0.5)}, lambda: _elevation(grayscale(0.4, 0.5))),
    "beyond the range": Case(
        shown_heights,
        {**GRAY, "ScalarRange": (0.3, 0.6), "BelowRangeColor": (1, 0, 0), "AboveRangeColor": (0, 1, 0)},
        lambda: _elevation(_outside()),
    ),
    "few colours": Case(shown_heights, {**GRAY, "NumberOfTableValues": 4}, lambda: _elevation(grayscale(*HEIGHTS, 4))),
    "own colours": Case(
        shown_heights,
        {**GRAY, "RGBPoints": (0.25, 1, 0, 0, 0.75, 0, 0, 1)},
        lambda: _elevation(_two_colors()),
    ),
    "logarithms": Case(
        shown_heights,
        {**GRAY, "UseLogScale": True, "ScalarRange": (0.01, 1)},
        lambda: _elevation(_log(0.01, 1)),
    ),
}


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_every_kind_is_drawn_as_plain_vtk_draws_it(backend: str, subtests: Any) -> None:
    async with connect(backend=backend) as session:
        for name, case in CASES.items():
            view = session.views.RenderView(
                ViewSize=plain_vtk.SIZE, Background=plain_vtk.BACKGROUND, UseFXAA=False, **case.camera
            )
            session.show(case.source(session), view, **case.properties)
            image = await view.screenshot(format="rgb")
            reference = plain_vtk.draw([case.plain()], case.camera, peeling=case.peeling)
            with subtests.test(name):
                assert len(np.unique(reference.reshape(-1, 3), axis=0)) > 1  # there is something to see
                np.testing.assert_array_equal(image.pixels, reference)
            view.delete()
            for shared in (*session.color_maps.all(), *session.opacity_functions.all()):
                for one in shared.set_values():  # the next case has arrays of the same names
                    delattr(shared, one)


REFUSED: list[tuple[Any, dict[str, Any], str]] = [
    (shown_cone, {"Representation": "Volume"}, "set ColorBy"),
    (shown_cone, {"Representation": "Volumes"}, "no representation is called 'Volumes'. Did you mean 'Volume'"),
    (shown_heights, {"Representation": "Slice"}, "a slice is taken of one image"),
    (shown_wavelet, {"Representation": "Slice", "Slice": 17}, "the image has slices 0 to 16"),
    (shown_heights, {"Representation": "Tubes"}, "tubes are drawn along lines"),
    (shown_heights, {"Representation": "3D Glyphs", "ScaleArray": "Elevated"}, "Did you mean 'Elevation'"),
    (shown_heights, {**GRAY, "Categorical": True, "ScalarRange": (0, 1e6)}, "too far apart to be categories"),
    (shown_heights, {**GRAY, "LookupTable": "viridiss"}, "no color preset is called 'viridiss'"),
    (shown_heights, {**GRAY, "RGBPoints": (1, 0, 0, 0, 0, 1, 1, 1)}, "growing values"),
    (shown_heights, {"ColorBy": ("POINTS", "Elevatio")}, "Did you mean 'Elevation'"),
    (shown_heights, {"Opacityy": 1}, "Did you mean 'Opacity'"),
]


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_what_cannot_be_shown_says_why_and_the_view_goes_on(backend: str, subtests: Any) -> None:
    async with connect(backend=backend) as session:
        for source, properties, sentence in REFUSED:
            view = session.views.RenderView(ViewSize=plain_vtk.SIZE, UseFXAA=False)
            shown = session.show(source(session), view)
            with subtests.test(sentence):
                tell_unchecked(shown, **properties)
                with pytest.raises(RemoteError) as refused:
                    await view.screenshot()
                assert sentence in str(refused.value)
                shown.delete()
                session.show(source(session), view)
                assert len(np.unique((await view.screenshot()).pixels.reshape(-1, 3), axis=0)) > 1
            view.delete()


@in_loop
async def test_one_representation_goes_through_all_kinds_and_back() -> None:
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=plain_vtk.SIZE, UseFXAA=False, **FAR)
        shown = session.show(shown_wavelet(session), view, ColorBy=("POINTS", "RTData"))
        first = (await view.screenshot()).pixels
        kinds = ["Outline", "Volume", "Slice", "3D Glyphs", "Point Gaussian", "Wireframe", "Points", "Feature Edges"]
        seen = [first]
        for kind in kinds:
            shown.update(Representation=kind)
            seen.append((await view.screenshot()).pixels)
        assert all(np.abs(a.astype(int) - b).mean() > 0.5 for a, b in itertools.pairwise(seen))
        shown.update(Representation="Surface")
        np.testing.assert_array_equal((await view.screenshot()).pixels, first)


@in_loop
async def test_a_change_of_look_alone_extracts_nothing_anew() -> None:
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=plain_vtk.SIZE)
        shown = session.show(shown_cone(session), view)
        await view.ready()
        async with session.progress() as progress:
            shown.update(Color=RED, Opacity=0.5, Representation="Wireframe")
            await view.ready()
            progress.close()
            assert [step async for step in progress] == []


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_ranges_of_what_is_seen_and_of_all_data(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = session.views.RenderView(
            ViewSize=plain_vtk.SIZE, CameraPosition=(0, 8, 0), CameraFocalPoint=(0, 0, 0), CameraViewUp=(0, 0, 1)
        )
        shown = session.show(shown_heights(session), view, ColorBy=("POINTS", "Elevation"), ScalarRange=(0, 5))
        low, high = await shown.rescale_to_visible_range() or (
            0,
            0,
        )  # from above: the upper half
        assert 0.4 < low < 0.65 and high == heights().GetPointData().GetArray("Elevation").GetRange()[1]
        changed = (await view.screenshot()).pixels
        shown.rescale_to_data_range()
        assert (changed != (await view.screenshot()).pixels).any()
        shown.update(ColorBy=None)
        assert await shown.rescale_to_visible_range() is None


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_the_range_over_all_times(backend: str) -> None:
    async with connect(backend=backend) as session:
        source = session.create("vtkTimeSourceExample", XAmplitude=10.0)
        moving = session.create("vtkElevationFilter", Input=source, LowPoint=(-1000, 0, 0), HighPoint=(1000, 0, 0))
        view = session.views.RenderView(ViewSize=plain_vtk.SIZE)
        shown = session.show(moving, view, ColorBy=("POINTS", "Elevation"))
        ranges = []
        for time in (await moving.update_pipeline()).time_steps:
            found = (await moving.update_pipeline(time=time)).array("Elevation").range_of("Magnitude")
            ranges += list(found or ())
        assert len(set(ranges)) > 3
        assert await shown.rescale_over_times() == (min(ranges), max(ranges))


@in_loop
async def test_help_and_the_names_of_colours() -> None:
    async with connect(backend="inproc") as session:
        view = session.views.RenderView()
        shown = session.show(shown_cone(session), view)
        assert "TubeRadius" in shown.help() and "StillSamples" in view.help()
        names = await session.color_presets()
        assert {"Cool to Warm", "Viridis", "magma", "cividis", "turbo", "twilight"} <= set(names)


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_scalar_bars_stand_beside_each_other(backend: str) -> None:
    async with connect(backend=backend) as session:
        view = session.views.RenderView(ViewSize=(300, 200), Background=(0, 0, 0), UseFXAA=False)
        shown = [session.show(shown_heights(session), view, **GRAY) for _ in range(2)]
        shown[1].update(UseSeparateColorMap=True)
        shown[1].update(LookupTable="Grayscale")
        pictures = [(await view.screenshot()).pixels.astype(int)]
        for one in shown:
            one.update(ScalarBarVisibility=True, ScalarBarTitle="height")
            pictures.append((await view.screenshot()).pixels.astype(int))
        places = [np.argwhere((b != a).any(axis=2))[:, 1] for a, b in itertools.pairwise(pictures)]
        assert places[0].min() > 200 and len(places[0]) > 500  # at the right
        assert places[1].max() < places[0].max() and len(places[1]) > 500
        shown[0].update(ScalarBarVisibility=False)
        shown[1].update(ScalarBarVisibility=False)
        np.testing.assert_array_equal((await view.screenshot()).pixels, pictures[0])
