"""What several ranks draw is what one draws: large surfaces each by the rank that has it, all else by rank 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ...harness.sessions_of_ranks import RANKS, SharedSessions, needs_mpi
from .drawn_scene import SIZE, DrawnScene

pytestmark = needs_mpi

Show = Callable[[Any, Any], Any]


@pytest.fixture(scope="module")
def one(sessions: SharedSessions) -> Drawn:
    return Drawn(sessions.on(1))


@pytest.fixture(scope="module", params=RANKS)
def several(request: pytest.FixtureRequest, sessions: SharedSessions) -> Drawn:
    return Drawn(sessions.on(request.param))


class Drawn(DrawnScene):
    """A scene with pictures of it."""

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        self._pictures: dict[str, Any] = {}

    def picture(self, show: Show) -> Any:
        """The pixels of a new view that shows something, made once."""
        if show.__name__ not in self._pictures:
            view = self.session.views.RenderView(ViewSize=SIZE)
            show(self, view)
            self._pictures[show.__name__] = shot(view)
            view.delete()
        return self._pictures[show.__name__]


def shot(view: Any) -> Any:
    """The pixels of a view, seen from aside."""
    view.reset_camera("-Z")
    view.rotate(0.2, 0.1)
    return np.asarray(view.screenshot().pixels)


def colored(drawn: Drawn, view: Any) -> Any:
    shown = drawn.session.show(drawn.surface, view)
    shown.ColorBy = ["POINTS", "RTData"]
    return shown


def with_edges(drawn: Drawn, view: Any) -> Any:
    """Moved, turned and scaled, with edges, in one color."""
    shown = drawn.session.show(drawn.surface, view)
    shown.Representation, shown.EdgeColor, shown.Specular = "Surface With Edges", [1.0, 0.0, 0.0], 0.5
    shown.Orientation, shown.Scale, shown.Position = [20.0, 30.0, 40.0], [1.0, 0.5, 2.0], [5.0, 6.0, 7.0]
    view.UseLightKit = False
    view.AdditionalLights = [{"Position": [100.0, 20.0, 30.0], "Intensity": 0.8}]
    return shown


def on_one_rank(drawn: Drawn, view: Any) -> Any:
    """A slice that only the last rank has a piece of, colored, with a legend."""
    flat = drawn.session.sources.Wavelet(WholeExtent=[-120, 120, -120, 120, -6, 6])
    cut = drawn.session.filters.Slice(Input=flat)
    cut.SliceType.Origin, cut.SliceType.Normal = [0.0, 0.0, 4.5], [0.0, 0.0, 1.0]
    shown = drawn.session.show(cut, view)
    shown.ColorBy = ["POINTS", "RTData"]
    return shown


def among_others(drawn: Drawn, view: Any) -> Any:
    """With what rank 0 draws before, within and behind it: something translucent, lines, axes."""
    shown = colored(drawn, view)
    around = drawn.session.show(drawn.session.sources.Sphere(Radius=30.0, ThetaResolution=30), view)
    around.Opacity = 0.4
    drawn.session.show(drawn.session.filters.Outline(Input=drawn.surface), view)
    view.AxesGridVisibility = True
    return shown


COMPOSITED: list[Show] = [colored, with_edges, on_one_rank, among_others]


def assert_alike(found: Any, expected: Any) -> None:
    """Nothing differs but pixels where pieces meet: one in a thousand at most."""
    assert found.shape == expected.shape
    assert expected.std() > 10
    differ = (found != expected).any(axis=2)
    assert differ.mean() <= 0.001, f"{differ.sum()} pixels differ"


@pytest.mark.parametrize("show", COMPOSITED, ids=lambda show: show.__name__)
def test_each_rank_draws_its_own(show: Show, one: Drawn, several: Drawn) -> None:
    expected, before = one.picture(show), several.drawing()["composited"]
    found = several.picture(show)
    assert several.drawing()["composited"] > before
    assert_alike(found, expected)


def test_what_needs_all_pieces_gets_them(one: Drawn, several: Drawn) -> None:
    """Looks by which a pixel depends on more than the nearest piece; picking; and back to pieces."""
    shown, pictures, picked = [], [], []
    for drawn in (one, several):
        view = drawn.session.views.RenderView(ViewSize=SIZE)
        shown.append((view, colored(drawn, view)))
        shot(view)
    before = several.drawing()
    for changes in ({"SilhouetteVisibility": True}, {"SilhouetteVisibility": False, "Representation": "Wireframe"}):
        for _, one_of_them in shown:
            for name, value in changes.items():
                setattr(one_of_them, name, value)
        pictures = [shot(view) for view, _ in shown]
        assert_alike(pictures[1], pictures[0])
    after = several.drawing()
    assert after["composited"] == before["composited"]
    assert after["gathered"] > before["gathered"]
    for view, one_of_them in shown:
        one_of_them.Representation = "Surface"
        pictures.append(shot(view))
        picked.append(view.pick(120, 90))
    assert several.drawing()["composited"] > after["composited"]
    assert_alike(pictures[-1], pictures[-2])
    assert picked[0] is not None
    np.testing.assert_allclose(picked[1].position, picked[0].position, atol=1e-3)
    assert picked[1].point_values["RTData"] == pytest.approx(picked[0].point_values["RTData"], rel=1e-5)
    for view, _ in shown:
        view.delete()


def test_interruptions_leave_all_ranks_alike(one: Drawn, several: Drawn) -> None:
    """Changes that come while others are executed, extracted and drawn."""
    views = []
    for drawn in (one, several):
        view = drawn.session.views.RenderView(ViewSize=SIZE)
        colored(drawn, view)
        shot(view)
        for number in range(8):
            drawn.surface.Isosurfaces = [130.5, 150.5 + 5 * number, 190.5]
            if number % 3 == 0:
                drawn.source.XFreq = 60.0 + number / 8
        views.append(view)
    pictures = [shot(view) for view in views]
    assert_alike(pictures[1], pictures[0])
    for drawn, view in zip((one, several), views, strict=True):
        drawn.surface.Isosurfaces, drawn.source.XFreq = [130.0909, 157.0909, 190.5], 60.0
        view.delete()
