"""What is seen through is drawn by several ranks as by one: layers are put together in the order of their boxes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from apvserver.vtk.rendering.compositing.layers import Layer, composed, over
from apvserver.vtk.rendering.compositing.ordering import Eye, front_to_back
from apvserver.vtk.rendering.compositing.patches import NOWHERE, Box

from ...harness.sessions_of_ranks import RANKS, SharedSessions, needs_mpi
from ...harness.time_limits import scaled
from ..test_patches_of_pictures import Ranks
from .drawn_scene import SIZE, DrawnScene

WIDTH, HEIGHT = 23, 17
MOST_OF_VOLUMES = 16
MOST_WHEN_SMOOTHED = 8
"""Of edges, which are smoothed by what is beside them."""

SLABS = [(0.0, 4.0, 0.0, 4.0, low, low + 1.0) for low in (0.0, 1.0, 2.0)]


@pytest.mark.parametrize(
    ("eye", "order"),
    [
        (Eye((2.0, 2.0, -9.0)), [0, 1, 2]),
        (Eye((2.0, 2.0, 9.0)), [2, 1, 0]),
        (Eye((90.0, 2.0, -0.1)), [0, 1, 2]),
        (Eye((2.0, 2.0, 9.0), (0.0, 0.1, 1.0)), [0, 1, 2]),
        (Eye((2.0, 2.0, -9.0), (1.0, 0.0, -0.1)), [2, 1, 0]),
    ],
)
def test_slabs_are_seen_from_the_side_of_the_eye(eye: Eye, order: list[int]) -> None:
    assert front_to_back(SLABS, eye) == order


def test_who_is_within_a_box_sees_that_first() -> None:
    order = front_to_back(SLABS, Eye((2.0, 2.0, 1.5)))
    assert order is not None
    assert order[0] == 1


def test_boxes_that_are_not_apart_have_no_order() -> None:
    eye = Eye((0.0, 0.0, -9.0))
    assert front_to_back([SLABS[0], (1.0, 2.0, 1.0, 2.0, 0.5, 5.0)], eye) is None
    assert front_to_back([SLABS[0], SLABS[0]], eye) is None
    assert front_to_back([SLABS[0], None, SLABS[2]], eye) == [1, 0, 2]
    nearly = (0.0, 4.0, 0.0, 4.0, 1.0 - 1e-7, 2.0)  # as rounded
    assert front_to_back([SLABS[0], nearly], eye) == [0, 1]


def test_boxes_each_behind_the_next_have_no_order() -> None:
    """Three beams, each of which lies upon another one."""
    beams = [(0.0, 3.0, 0.0, 1.0, 0.0, 1.0), (2.0, 3.0, 0.0, 3.0, 1.0, 2.0), (0.0, 1.0, 0.0, 3.0, -1.0, 0.0)]
    beams[2] = (0.0, 1.0, 1.5, 3.0, -1.0, 3.0)
    for eye in (Eye((1.5, 1.5, 9.0)), Eye((-9.0, -9.0, -9.0))):
        order = front_to_back(beams, eye)
        assert order is None or sorted(order) == [0, 1, 2]


def random_layer(random: np.random.Generator) -> Layer:
    left, right = sorted(random.integers(0, WIDTH + 1, 2).tolist())
    bottom, top = sorted(random.integers(0, HEIGHT + 1, 2).tolist())
    box = Box(left, bottom, right, top)
    if not all(box.shape):
        return Layer.empty()
    opaque = random.integers(0, 256, (*box.shape, 1))
    colors = (random.random((*box.shape, 3)) * opaque).astype(np.uint8)
    return Layer(box, np.concatenate([colors, opaque.astype(np.uint8)], axis=2))


def spread(layer: Layer) -> Any:
    """Its pixels in the whole picture, as numbers from 0 to 1."""
    found = np.zeros((HEIGHT, WIDTH, 4))
    if layer.colors.size:
        found[layer.box.within(Box(0, 0, WIDTH, HEIGHT))] = layer.colors / 255.0
    return found


def blended(layers: Sequence[Layer], order: Sequence[int]) -> Any:
    """What is seen of layers, the nearest first, by the definition, in numbers that are not rounded."""
    found = np.zeros((HEIGHT, WIDTH, 4))
    for number in reversed(order):
        one = spread(layers[number])
        found = one + found * (1.0 - one[..., 3:])
    return found


def test_a_layer_is_put_over_another_one() -> None:
    random = np.random.default_rng(1)
    for _ in range(50):
        layers = [random_layer(random), random_layer(random)]
        found = spread(over(*layers))
        np.testing.assert_allclose(found, blended(layers, [0, 1]), atol=0.5001 / 255)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8])
def test_layers_of_ranks_are_put_together_in_order(size: int) -> None:
    random = np.random.default_rng(size)
    for _ in range(6):
        layers = [random_layer(random) for _ in range(size)]
        order = random.permutation(size).tolist()
        queues: dict[tuple[int, int], queue.Queue[bytes]] = {
            (one, other): queue.Queue() for one in range(size) for other in range(size)
        }
        boxes = [one.box for one in layers]
        found: dict[int, Layer] = {}

        def work(rank: int) -> None:
            found[rank] = composed(Ranks(rank, size, queues), order, boxes, layers[rank], HEIGHT)  # noqa: B023

        threads = [threading.Thread(target=work, args=[rank], daemon=True) for rank in range(size)]
        for one in threads:
            one.start()
        for one in threads:
            one.join(scaled(60))
        assert sorted(found) == list(range(size))
        assert all(found[rank].box == NOWHERE for rank in range(1, size))
        assert all(one.empty() for one in queues.values())
        rounded = (0.5 * size) / 255  # each time that two layers become one
        np.testing.assert_allclose(spread(found[0]), blended(layers, order), atol=rounded)


# --- pictures

Show = Callable[[Any, Any], Any]


class Drawn(DrawnScene):
    """A scene with pictures of it, each as one of the cameras sees it."""

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        self._pictures: dict[tuple[str, str], Any] = {}

    def picture(self, show: Show, camera: str) -> Any:
        """The pixels of a new view that shows something as a camera sees it, made once."""
        if (show.__name__, camera) not in self._pictures:
            view = self.session.views.RenderView(ViewSize=SIZE, UseFXAA=False)
            show(self, view)
            CAMERAS[camera](view)
            self._pictures[show.__name__, camera] = np.asarray(view.screenshot().pixels)
            view.delete()
        return self._pictures[show.__name__, camera]


def from_below(view: Any) -> None:
    view.reset_camera("+Z")
    view.rotate(0.2, 0.1)


def from_above(view: Any) -> None:
    view.reset_camera("-Z")
    view.rotate(0.1, -0.2)


def from_aside(view: Any) -> None:
    view.reset_camera("+X")
    view.rotate(0.03, 0.02)


def parallel(view: Any) -> None:
    view.CameraParallelProjection = True
    view.reset_camera("-Y")
    view.rotate(0.3, 0.3)


def within(view: Any) -> None:
    view.CameraPosition, view.CameraFocalPoint = [3.0, -25.0, 2.0], [0.0, 0.0, 0.0]
    view.CameraViewUp = [0.0, 0.0, 1.0]


CAMERAS: dict[str, Callable[[Any], None]] = {
    one.__name__: one for one in (from_below, from_above, from_aside, parallel, within)
}


def glass(drawn: Drawn, view: Any) -> None:
    """A contour of an image, colored and seen through."""
    shown = drawn.session.show(drawn.surface, view)
    shown.ColorBy, shown.Opacity = ["POINTS", "RTData"], 0.4


def turned_glass(drawn: Drawn, view: Any) -> None:
    """The same turned and scaled, with what is opaque on rank 0 alone within it."""
    shown = drawn.session.show(drawn.surface, view)
    shown.Opacity, shown.Color = 0.5, [1.0, 0.6, 0.2]
    shown.Orientation, shown.Scale = [20.0, 30.0, 40.0], [1.0, 0.8, 1.2]
    drawn.session.show(drawn.session.sources.Sphere(Radius=9.0, ThetaResolution=20), view)
    drawn.session.show(drawn.session.filters.Outline(Input=drawn.surface), view)


def volume(drawn: Drawn, view: Any) -> Any:
    shown = drawn.session.show(drawn.source, view)
    shown.Representation, shown.ColorBy = "Volume", ["POINTS", "RTData"]
    return shown


def volume_with_surfaces(drawn: Drawn, view: Any) -> None:
    """With what is opaque within it, in pieces and on rank 0 alone."""
    volume(drawn, view).ScalarOpacityUnitDistance = 8.0
    inside = drawn.session.show(drawn.surface, view)
    inside.Color = [0.2, 0.9, 0.3]
    drawn.session.show(drawn.session.sources.Sphere(Radius=20.0, Center=[25.0, 10.0, 3.0]), view)


def volume_and_glass(drawn: Drawn, view: Any) -> None:
    """Both together, with something opaque inside."""
    volume(drawn, view).ScalarOpacityUnitDistance = 8.0
    glass(drawn, view)
    drawn.session.show(drawn.session.sources.Sphere(Radius=15.0, ThetaResolution=20), view)


def glass_among_glass(drawn: Drawn, view: Any) -> None:
    """With something else that is seen through, which is on rank 0 alone."""
    glass(drawn, view)
    around = drawn.session.show(drawn.session.sources.Sphere(Radius=20.0, ThetaResolution=20), view)
    around.Opacity = 0.5


def lit_volume(drawn: Drawn, view: Any) -> None:
    """Of which VTK finds out by the shape of what it has to which side it lies."""
    volume(drawn, view).Shade = True


def brightest(drawn: Drawn, view: Any) -> None:
    volume(drawn, view).BlendMode = "Maximum Intensity"


def two_volumes(drawn: Drawn, view: Any) -> None:
    volume(drawn, view)
    volume(drawn, view)


@pytest.fixture(scope="module")
def one(sessions: SharedSessions) -> Drawn:
    return Drawn(sessions.on(1))


@pytest.fixture(scope="module", params=RANKS)
def several(request: pytest.FixtureRequest, sessions: SharedSessions) -> Drawn:
    return Drawn(sessions.on(request.param))


def assert_alike(found: Any, expected: Any, most: float, mean: float = 1.0) -> None:
    """All but one pixel in a thousand differ by no more than `most` of 255, and all of them by no more as a mean."""
    assert found.shape == expected.shape
    assert expected.std() > 10
    differ = np.abs(found.astype(int) - expected.astype(int)).max(axis=2)
    rows, columns = np.nonzero(differ > most)
    where = f"rows {rows.min()} to {rows.max()}, columns {columns.min()} to {columns.max()}" if len(rows) else "nowhere"
    assert np.percentile(differ, 99.9) <= most, f"{len(rows)} pixels differ: {where}; by {differ.mean():.2f} as a mean"
    assert differ.mean() <= mean


@needs_mpi
@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize("show", [glass, turned_glass], ids=lambda show: show.__name__)
def test_surfaces_that_are_seen_through(show: Show, camera: str, one: Drawn, several: Drawn) -> None:
    """Bytes are rounded where layers are read, where two become one, and where they are put into the scene."""
    before = several.drawing()
    found = several.picture(show, camera)
    after = several.drawing()
    assert after["layers"] > before["layers"]
    assert after["gathered"] == before["gathered"]
    assert_alike(found, one.picture(show, camera), most=3)


@needs_mpi
@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize("show", [volume, volume_with_surfaces, volume_and_glass], ids=lambda show: show.__name__)
def test_volumes(show: Show, camera: str, one: Drawn, several: Drawn) -> None:
    """Samples along a ray begin anew in each piece: there is one more, or less, where two meet or a ray ends."""
    before = several.drawing()
    found = several.picture(show, camera)
    after = several.drawing()
    assert after["layers"] > before["layers"]
    assert after["gathered"] == before["gathered"]
    assert_alike(found, one.picture(show, camera), most=MOST_OF_VOLUMES, mean=1.5)


@needs_mpi
@pytest.mark.parametrize(
    "show", [glass_among_glass, lit_volume, brightest, two_volumes], ids=lambda show: show.__name__
)
def test_what_has_no_order_is_drawn_by_rank_0(show: Show, one: Drawn, several: Drawn) -> None:
    before = several.drawing()
    found = several.picture(show, "from_below")
    after = several.drawing()
    assert after["layers"] == before["layers"]
    assert after["gathered"] > before["gathered"]
    np.testing.assert_array_equal(found, one.picture(show, "from_below"))


STATES = [(1.0, False), (0.3, False), (0.3, True), (0.6, False), (1.0, False), (0.3, False)]
"""Opacities of a surface, and whether something else that is seen through is shown, one after the other."""


def shells(session: Any) -> Any:
    """Shells one within the other, which all ranks have pieces of, as many triangles as are drawn in pieces.

    All of them are gone through for every layer, in 8 drawings of a picture that is saved. `Drawn.surface` has several
    times as many layers: of that a test would take a minute.
    """
    source = session.sources.Wavelet(WholeExtent=[-34, 34] * 3, XFreq=20.0, YFreq=15.0, ZFreq=18.0)
    return session.filters.Contour(Input=source, Isosurfaces=[130.0, 160.0, 190.0])


def pictures_of_states(drawn: Drawn, states: Sequence[tuple[float, bool]]) -> list[list[Any]]:
    """Two pictures of each state, of one view: as it is, and as it is saved."""
    view = drawn.session.views.RenderView(ViewSize=SIZE)
    shown = drawn.session.show(shells(drawn.session), view)
    found = []
    for number, (opacity, visible) in enumerate(states):
        shown.Opacity = opacity
        if number == 0:
            other = drawn.session.show(drawn.session.sources.Sphere(Radius=20.0), view)
            other.Opacity = 0.5
        other.Visibility = visible
        from_above(view)
        pictures = view.screenshot(), view.screenshot(transparent=True, samples=2)
        found.append([np.asarray(one.pixels) for one in pictures])
    view.delete()
    return found


@pytest.fixture(scope="module")
def expected_of_states(one: Drawn) -> dict[tuple[float, bool], list[Any]]:
    """One process makes those of each state once."""
    different = list(dict.fromkeys(STATES))
    return dict(zip(different, pictures_of_states(one, different), strict=True))


@needs_mpi
def test_what_is_seen_through_follows_changes(
    expected_of_states: dict[tuple[float, bool], list[Any]], several: Drawn
) -> None:
    """Opaque, seen through, a volume, among what is seen through, and seen through alone again; saved in between."""
    before = several.drawing()
    all_found = pictures_of_states(several, STATES)
    after = several.drawing()
    assert after["layers"] > before["layers"]
    assert after["composited"] > before["composited"]
    for state, found in zip(STATES, all_found, strict=True):
        for mine, theirs in zip(found, expected_of_states[state], strict=True):
            assert_alike(mine, theirs, most=MOST_WHEN_SMOOTHED)


@needs_mpi
def test_changes_while_others_are_drawn_leave_all_ranks_alike(one: Drawn, several: Drawn) -> None:
    """Changes of data, opacity and camera that come while others are executed, extracted and drawn."""
    views = []
    for drawn in (one, several):
        view = drawn.session.views.RenderView(ViewSize=SIZE, UseFXAA=False)
        surface = drawn.session.filters.Contour(Input=drawn.source, Isosurfaces=[130.5, 150.5, 190.5])
        shown = drawn.session.show(surface, view)
        shown.Opacity = 0.4
        from_above(view)
        for number in range(8):
            surface.Isosurfaces = [130.5, 150.5 + 5 * number, 190.5]
            shown.Opacity = 0.3 + 0.1 * (number % 5)
            view.rotate(0.02, 0.01)
        views.append(view)
    found = [np.asarray(view.screenshot().pixels) for view in views]
    assert several.drawing()["layers"] > 0
    assert_alike(found[1], found[0], most=3)
    for view in views:
        view.delete()


def cut_on_one_rank(drawn: Drawn, view: Any) -> None:
    """What is seen through, and only the last rank has a piece of it."""
    flat = drawn.session.sources.Wavelet(WholeExtent=[-120, 120, -120, 120, -6, 6])
    cut = drawn.session.filters.Slice(Input=flat)
    cut.SliceType.Origin, cut.SliceType.Normal = [0.0, 0.0, 4.5], [0.0, 0.0, 1.0]
    shown = drawn.session.show(cut, view)
    shown.ColorBy, shown.Opacity = ["POINTS", "RTData"], 0.5


def glass_beside_nothing(drawn: Drawn, view: Any) -> None:
    """Something else that is shown could be seen through, and has no cells."""
    glass(drawn, view)
    empty = drawn.session.filters.Threshold(Input=drawn.source, LowerThreshold=1e6, UpperThreshold=1e7)
    drawn.session.show(empty, view).Opacity = 0.5


@needs_mpi
def test_what_shows_nothing_leaves_all_else_in_pieces(one: Drawn, several: Drawn) -> None:
    before = several.drawing()
    found = several.picture(glass_beside_nothing, "from_above")
    after = several.drawing()
    assert after["layers"] > before["layers"]
    assert after["gathered"] == before["gathered"]
    assert_alike(found, one.picture(glass_beside_nothing, "from_above"), most=3)


@needs_mpi
def test_ranks_that_have_nothing_show_nothing(one: Drawn, several: Drawn) -> None:
    before = several.drawing()
    found = several.picture(cut_on_one_rank, "from_above")
    assert several.drawing()["layers"] > before["layers"]
    assert_alike(found, one.picture(cut_on_one_rank, "from_above"), most=3)


@needs_mpi
def test_handles_and_axes_stand_before_and_among_what_is_seen_through(one: Drawn, several: Drawn) -> None:
    pictures = []
    for drawn in (one, several):
        view = drawn.session.views.RenderView(ViewSize=SIZE, UseFXAA=False, AxesGridVisibility=True)
        glass(drawn, view)
        from_above(view)
        view.Widgets = [{"Kind": "Box", "Bounds": (-20.0, 20.0) * 3}, {"Kind": "Plane", "Bounds": (-28.0, 28.0) * 3}]
        pictures.append([np.asarray(view.screenshot(widgets=widgets).pixels) for widgets in (True, False, True)])
        view.delete()
    assert several.drawing()["layers"] > 0
    assert (pictures[0][0] != pictures[0][1]).any()
    for found, expected in zip(pictures[1], pictures[0], strict=True):
        assert_alike(found, expected, most=3)
