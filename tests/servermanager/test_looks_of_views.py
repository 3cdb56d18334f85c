"""Views look as their knobs say: usual lights, occlusion, tones, smoothing, eyes, axes in corners; pixels are read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from servermanager import RenderViewProxy, Session, connect

from ..harness.apvtest import in_loop
from .test_paraview_looks import looking, pixels


def ball(session: Session, view: RenderViewProxy, **more: Any) -> Any:
    source = session.sources.Sphere(ThetaResolution=64, PhiResolution=64)
    return session.show(source, view, **{"Color": (1, 1, 1), **more})


async def mean(view: RenderViewProxy) -> list[float]:
    """The mean color of the middle of the picture, which the ball fills."""
    return [float(one) for one in (await pixels(view))[75:125, 75:125].mean(axis=(0, 1))]


@in_loop
async def test_the_usual_lights_are_as_asked() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session, scale=0.6, LightKitIntensity=0.5)
        ball(session, view)
        usual = await mean(view)
        view.KeyLightWarmth = 1.0
        warm = await mean(view)
        view.KeyLightWarmth = 0.0
        cold = await mean(view)
        assert warm[0] - warm[2] > usual[0] - usual[2] > 0 > cold[0] - cold[2]
        del view.KeyLightWarmth
        for name in ("FillLightKFRatio", "HeadLightKHRatio"):
            setattr(view, name, 15.0)  # so many times as dark as the key light
            assert sum(await mean(view)) < sum(usual) - 10, name
            delattr(view, name)
        for name in ("FillLightWarmth", "HeadLightWarmth"):
            setattr(view, name, 1.0)
            found = await mean(view)
            assert found[0] - found[2] > usual[0] - usual[2] + 5, name
            delattr(view, name)


@in_loop
async def test_the_usual_lights_stand_where_they_are_asked_to() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session, scale=0.6, LightKitIntensity=0.5)
        ball(session, view)
        usual = await mean(view)
        sides = (await pixels(view)).sum(axis=2)
        view.KeyLightAzimuth = 80.0  # from the right
        turned = (await pixels(view)).sum(axis=2)
        assert turned[100, 160] > sides[100, 160] and turned[100, 40] < sides[100, 40]
        view.update(KeyLightAzimuth=10.0, FillLightAzimuth=80.0)
        filled = (await pixels(view)).sum(axis=2)
        assert filled[100, 165] > sides[100, 165]
        view.update(FillLightAzimuth=-10.0, FillLightElevation=-10.0)
        assert (await pixels(view)).sum(axis=2)[100, 100] > sides[100, 100]
        view.FillLightElevation = -75.0
        rims = (100, [20, 180])  # which the back lights graze
        view.BackLightKBRatio = 15.0
        assert (await pixels(view)).sum(axis=2)[rims].max() < sides[rims].min()
        view.update(BackLightKBRatio=1.0, BackLightWarmth=1.0)
        red = (await pixels(view))[rims]
        assert (red[:, 0] - red[:, 2] > 30).all()
        view.BackLightAzimuth = 170.0
        assert (await pixels(view))[rims].sum() < red.sum() - 30
        view.update(BackLightAzimuth=110.0, BackLightElevation=45.0)
        high = (await pixels(view)).sum(axis=2)
        assert high[45, 160] > high[155, 160]
        view.update(BackLightElevation=0.0, BackLightKBRatio=3.5, BackLightWarmth=0.5)
        view.update(KeyLightAzimuth=10.0, KeyLightElevation=85.0)
        high = (await pixels(view)).sum(axis=2)
        assert high[100, 100] < sides[100, 100] - 30
        view.update(KeyLightElevation=50.0, KeyLightWarmth=0.0)
        dark = sum(await mean(view))
        view.MaintainLuminance = True
        assert sum(await mean(view)) > dark
        view.update(MaintainLuminance=False, KeyLightWarmth=0.6, KeyLightIntensity=0.25)
        assert view.LightKitIntensity == 0.25 and sum(await mean(view)) == pytest.approx(sum(usual) / 2, rel=0.05)


@in_loop
async def test_corners_are_darker_with_occlusion() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session, scale=1.2)
        floor = session.sources.Plane(Origin=(-3, -3, -0.5), Point1=(3, -3, -0.5), Point2=(-3, 3, -0.5))
        session.show(floor, view, Color=(1, 1, 1))
        ball(session, view)
        near, far = (100, 146), (100, 198)
        without = await pixels(view)
        light = int(without[far].min())
        assert without[near].tolist() == without[far].tolist() and light > 150
        view.UseAmbientOcclusion = True
        assert view.UseSSAO is True
        seen = await pixels(view)
        assert seen[near].max() < 0.8 * light and seen[near].max() < seen[far].min() - 20
        view.update(UseSSAODefaultPresets=False, Radius=0.05)
        narrow = await pixels(view)
        assert narrow[near].min() > seen[near].max()
        view.update(Radius=0.8, Blur=True, KernelSize=64)
        wide = await pixels(view)
        assert wide[near].max() < 0.8 * light
        view.Blur = False
        spread = (await pixels(view))[60:140, 160:170].std()
        assert wide[60:140, 160:170].std() < spread, "smoothed"
        view.Bias = 1.0
        assert (await pixels(view))[near].min() > 0.97 * light
        view.UseSSAO = False
        assert np.array_equal(await pixels(view), without)


@in_loop
async def test_tones_bring_bright_colors_into_range() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session, scale=0.4)
        session.show(session.sources.Plane(), view, Color=(1, 0.5, 0.25), Lighting=False)

        async def color(**more: Any) -> list[int]:
            view.update(**more)
            return [int(one) for one in (await pixels(view))[100, 100]]

        plain = await color()
        assert plain == pytest.approx([255, 128, 64], abs=1)
        assert await color(UseToneMapping=True, ToneMappingType="Clamp") == plain
        linear = (np.array(plain) / 255) ** 2.2
        for tone, expected in (
            ("Reinhard", linear / (linear + 1)),
            ("Exponential", 1 - np.exp(-linear)),
        ):
            found = await color(ToneMappingType=tone)
            assert found == pytest.approx((255 * expected ** (1 / 2.2)).tolist(), abs=3), tone
        bright = await color(ToneMappingType="Exponential", Exposure=4.0)
        assert bright == pytest.approx((255 * (1 - np.exp(-4 * linear)) ** (1 / 2.2)).tolist(), abs=3)
        filmic = await color(ToneMappingType="Generic Filmic", Exposure=1.0)
        for name, value in (("Contrast", 1.1), ("Shoulder", 0.7), ("MidIn", 0.4), ("MidOut", 0.4), ("HdrMax", 2.0)):
            before = getattr(view, name)
            assert await color(**{name: value}) != filmic, name
            assert await color(**{name: before}) == filmic
        assert await color(UseACES=False) != filmic
        view.Texts = [{"Text": "MMM", "Color": [1, 1, 1], "FontSize": 40}]
        assert (await pixels(view)).max() == 255, "what is in front keeps its colors"
        assert await color(UseToneMapping=False) == plain


@in_loop
async def test_edges_are_smoothed_as_asked() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session, scale=1.0)
        view.update(UseFXAA=True, Background=(0.25, 0.25, 0.25))
        shown = ball(session, view, Lighting=False, Color=(0.5, 0.5, 0.5))

        async def grey(**more: Any) -> int:
            view.update(**more)
            seen = (await pixels(view))[..., 0]
            return int(((seen > 66) & (seen < 125)).sum())

        usual = await grey()
        assert usual > 100
        assert await grey(UseFXAA=False) == 0
        assert await grey(UseFXAA=True, FXAAHardContrastThreshold=0.9) == 0
        assert await grey(FXAAHardContrastThreshold=0.0625, FXAARelativeContrastThreshold=0.9) == 0
        assert await grey(FXAARelativeContrastThreshold=0.125) == usual
        assert await grey(FXAASubpixelBlendLimit=0.0) < usual
        view.FXAASubpixelBlendLimit = 0.75
        assert await grey(FXAASubpixelContrastThreshold=0.99) < usual
        view.FXAASubpixelContrastThreshold = 0.25
        edge = session.show(session.sources.Plane(), view, Color=(0.5, 0.5, 0.5), Lighting=False)
        edge.update(Orientation=(0, 0, 2), Scale=(1.8, 1.8, 1.8))  # long steps along nearly straight edges
        before = await pixels(view)
        view.FXAAEndpointSearchIterations = 1
        assert not np.array_equal(await pixels(view), before)
        view.FXAAEndpointSearchIterations = 12
        edge.Visibility = False
        view.update(Background=(0, 0, 0), FXAASubpixelContrastThreshold=0.25)
        shown.update(Representation="Wireframe", Lighting=True, Color=(1, 1, 1))
        before = await pixels(view)
        view.FXAAUseHighQualityEndpoints = False
        assert not np.array_equal(await pixels(view), before)


@in_loop
async def test_eyes_are_as_far_apart_as_asked() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session)
        view.update(CameraParallelProjection=False, CameraPosition=(0, 0, 4), StereoRender=True)
        point = session.sources.Sphere(Center=(0, 0, 1.0), Radius=0.1)
        session.show(point, view, Color=(1, 1, 1), Lighting=False)

        async def shift(angle: float) -> float:
            view.EyeAngle = angle
            places = []
            for eye in ("Left", "Right"):
                view.StereoType = eye
                white = np.nonzero((await pixels(view)).min(axis=2) == 255)
                places.append(float(white[1].mean()))
            return places[0] - places[1]

        near, far = await shift(2.0), await shift(8.0)
        assert near > 1.0 and far == pytest.approx(4 * near, rel=0.2)
        view.StereoType = "Red-Blue"
        assert (await view.pick(100, 100)) is not None  # the numbers that are looked up have both colors


@in_loop
async def test_axes_have_the_colors_and_letters_that_are_asked_for() -> None:
    async with connect(backend="inproc") as session:
        view = looking(session, OrientationAxesVisibility=True)
        view.CameraPosition = (5, 5, 10)
        shown = ball(session, view)
        shown.Visibility = False

        async def count(color: tuple[int, int, int]) -> int:
            return int((np.abs((await pixels(view)) - color).max(axis=2) < 60).sum())

        for axis, color in zip("XYZ", ((255, 0, 255), (0, 255, 255), (255, 128, 0)), strict=True):
            assert await count(color) == 0
            setattr(view, f"OrientationAxes{axis}Color", [one / 255 for one in color])
            assert await count(color) > 10, axis
            setattr(view, f"OrientationAxes{axis}Visibility", False)
            assert await count(color) == 0, axis
            setattr(view, f"OrientationAxes{axis}Visibility", True)
        before = await count((255, 255, 255))
        view.update(OrientationAxesXLabelText="MMMM", OrientationAxesLabelColor=(1, 1, 1))
        assert await count((255, 255, 255)) > before
        shown.Visibility = True
        view.update(OrientationAxesVisibility=False, CenterAxesVisibility=True)
        shown.update(Representation="Outline", Color=(0, 0, 0))
        for axis, color in zip("XYZ", ((255, 0, 255), (0, 255, 255), (255, 128, 0)), strict=True):
            setattr(view, f"CenterAxes{axis}Color", [one / 255 for one in color])
            assert await count(color) > 5, axis
