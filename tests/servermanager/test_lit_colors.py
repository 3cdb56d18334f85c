"""How bright faces are by where they look: as their legend where they look at the camera, and never burnt out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from async_paraview.scene.looks.lighting import PARAVIEW_HEAD_RATIO, PARAVIEW_KEY_LIGHT
from servermanager import Session, connect

from ..harness.apvtest import in_loop

PARAVIEW = {
    (0, 0): (180, 177, 170), (0, 30): (210, 206, 194), (0, 50): (208, 203, 191), (0, 80): (159, 155, 144),
    (0, -30): (115, 115, 116), (0, -60): (79, 80, 84), (45, 0): (160, 157, 152), (-45, 0): (136, 134, 131),
    (75, 0): (103, 102, 99),
}  # fmt: skip
"""By azimuth and elevation: how pvpython 5.11.0 draws a face of (0.9, 0.9, 0.9) that looks there from the camera."""


class Faces:
    """A face in front of a camera, that looks in a direction."""

    def __init__(self, session: Session, color: tuple[float, ...] = (0.9, 0.9, 0.9), **light: float) -> None:
        camera: dict[str, Any] = {"CameraPosition": [0, 0, 4], "CameraFocalPoint": [0, 0, 0]}
        self.view = session.views.RenderView(
            ViewSize=[40, 40], CameraParallelProjection=True, CameraParallelScale=0.05, **camera, **light
        )
        self.plane = session.sources.Plane()
        session.show(self.plane, self.view, Color=color)

    async def drawn(self, azimuth: float, elevation: float) -> tuple[int, ...]:
        """Return the color of the face when it looks to the right and up by so many degrees."""
        a, e = math.radians(azimuth), math.radians(elevation)
        across = np.array([math.cos(a), 0.0, -math.sin(a)])
        up = np.cross([math.sin(a) * math.cos(e), math.sin(e), math.cos(a) * math.cos(e)], across)
        origin = -(across + up) / 2
        self.plane.Origin = origin.tolist()
        self.plane.Point1 = (origin + across).tolist()
        self.plane.Point2 = (origin + up).tolist()
        red, green, blue = (int(one) for one in (await self.view.screenshot(format="rgb")).pixels[20, 20])
        return red, green, blue


@in_loop
async def test_no_light_grey_is_burnt_out_and_what_looks_at_the_camera_has_its_color() -> None:
    async with connect(backend="inproc") as session:
        faces = Faces(session)
        found = {place: await faces.drawn(*place) for place in [*PARAVIEW, (10, 25), (10, 40), (10, 50)]}
        assert found[0, 0] == pytest.approx((0.9 * 255,) * 3, abs=7)
        assert max(max(color) for color in found.values()) <= 251
        for place, color in PARAVIEW.items():  # beside the facing one, as bright as there or flatter
            there = np.array(color) / PARAVIEW[0, 0]
            assert np.max(np.array(found[place]) / found[0, 0] / there) < 1.2, place
            assert np.min(np.array(found[place]) / found[0, 0] / there) > 0.7, place
        assert found[75, 0][0] < 0.55 * found[0, 0][0] and found[0, -60][0] < 0.5 * found[0, 0][0], "shapes are seen"


@in_loop
async def test_a_facing_face_is_within_four_levels_of_its_legend() -> None:
    async with connect(backend="inproc") as session:
        wanted = (33, 145, 141)
        faces = Faces(session, tuple(one / 255 for one in wanted))
        found = await faces.drawn(0, 0)
        assert found == pytest.approx(wanted, abs=4)


@in_loop
async def test_the_lights_of_paraview_are_there_to_be_had() -> None:
    async with connect(backend="inproc") as session:
        faces = Faces(session, LightKitIntensity=PARAVIEW_KEY_LIGHT, HeadLightKHRatio=PARAVIEW_HEAD_RATIO)
        for place, color in PARAVIEW.items():
            assert await faces.drawn(*place) == pytest.approx(color, abs=1), place
