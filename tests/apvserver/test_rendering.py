"""What a view shows, judged by its pixels."""

import gc
import hashlib
import io
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import psutil
import pytest
from PIL import Image
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
from vtkmodules.vtkCommonDataModel import vtkPolyData
from vtkmodules.vtkFiltersSources import vtkPlaneSource, vtkSphereSource
from vtkmodules.vtkRenderingCore import vtkActor, vtkLightKit, vtkPolyDataMapper, vtkRenderer

from apvserver.vtk.base.errors import InvalidProperty, UnknownProperty
from apvserver.vtk.geometry.colors import label_color
from apvserver.vtk.geometry.geometry import extract_geometry
from apvserver.vtk.rendering.camera.framing import DIRECTIONS
from apvserver.vtk.rendering.images import RenderedImage, png_bytes
from apvserver.vtk.rendering.opengl import create_window, require_opengl
from apvserver.vtk.rendering.render_view import RenderView
from apvserver.vtk.rendering.representation import Representation
from apvserver.vtk.rendering.view import ViewClosed, WrongThread
from apvserver.vtk.rendering.views.showing import UnknownRepresentation
from async_paraview.scene.looks.lighting import HEAD_RATIO, KEY_LIGHT

from ..harness.apvtest import ROOT
from ..harness.time_limits import scaled

BACKGROUND = (51, 102, 153)
SMALL = {"ViewSize": (120, 80), "Background": (0.2, 0.4, 0.6), "UseFXAA": False}
FLAT = {"Lighting": False}


@pytest.fixture
def view() -> Iterator[Any]:
    made = RenderView(SMALL)
    yield made
    made.close()


def sphere(radius: float = 1.0, center: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> vtkPolyData:
    source = vtkSphereSource()
    source.SetRadius(radius)
    source.SetCenter(center)
    source.SetThetaResolution(32)
    source.SetPhiResolution(32)
    source.Update()
    return extract_geometry(source.GetOutput())


def labelled_quads(count: int, dtype: type = np.uint8) -> vtkPolyData:
    """A row of quads whose CELLS array "label" holds (0, 9), (1, 9), ..., and POINTS array "x" their x."""
    source = vtkPlaneSource()
    source.SetXResolution(count)
    source.Update()
    quads = source.GetOutput()
    labels = numpy_to_vtk(np.array([[label, 9] for label in range(count)], dtype), deep=True)
    labels.SetName("label")
    quads.GetCellData().AddArray(labels)
    x = numpy_to_vtk(vtk_to_numpy(quads.GetPoints().GetData())[:, 0].copy(), deep=True)
    x.SetName("x")
    quads.GetPointData().AddArray(x)
    return quads


def shown(geometry: vtkPolyData, **properties: object) -> Representation:
    representation = Representation(properties)
    representation.set_data({"full": geometry})
    return representation


def pixel(image: RenderedImage, x: int, y: int) -> tuple[int, ...]:
    return tuple(image.pixels[y, x].tolist())


def lit(image: RenderedImage) -> np.ndarray:
    return (image.pixels != BACKGROUND).any(axis=2)


def test_an_empty_view_is_exactly_its_background(view: RenderView) -> None:
    image = view.render()
    assert (image.width, image.height, image.pixels.shape) == (120, 80, (80, 120, 3))
    assert (image.pixels == BACKGROUND).all()


def test_a_red_sphere_is_red_in_the_middle_and_fits(view: RenderView) -> None:
    view.add_representation("ball", shown(sphere(), Color=(1, 0, 0), **FLAT))
    image = view.render()
    assert pixel(image, 60, 40) == (255, 0, 0)
    assert pixel(image, 0, 0) == pixel(image, 119, 79) == BACKGROUND
    rows = np.flatnonzero(lit(image).any(axis=1))
    assert 0 < rows[0] < 12
    assert 67 < rows[-1] < 79


def test_pixels_are_read_only_and_contiguous(view: RenderView) -> None:
    pixels = view.render().pixels
    assert pixels.flags.c_contiguous
    with pytest.raises(ValueError, match="read-only"):
        pixels[0, 0] = 0


def test_the_top_row_comes_first(view: RenderView) -> None:
    view.set_properties({"CameraPosition": (0, 0, 10), "CameraFocalPoint": (0, 0, 0)})
    view.add_representation("up", shown(sphere(0.5, (0, 1.5, 0))))
    rows = np.flatnonzero(lit(view.render()).any(axis=1))
    assert rows[-1] < 40


def test_a_gradient_ends_with_the_second_colour_at_the_top(view: RenderView) -> None:
    view.set_properties({"UseGradientBackground": True, "Background2": (1, 1, 1)})
    image = view.render()
    assert np.allclose(image.pixels[0, 0], 255, atol=3)
    assert np.allclose(image.pixels[-1, 0], BACKGROUND, atol=3)


def test_lights_shade_a_sphere(view: RenderView) -> None:
    view.add_representation("ball", shown(sphere(), Color=(0.8, 0.8, 0.8)))
    image = view.render()
    greys = image.pixels[lit(image)].mean(axis=1)
    assert greys.max() > 150
    assert greys.max() - greys.min() > 60


def test_styles(view: RenderView) -> None:
    ball = shown(sphere(), **FLAT)
    view.add_representation("ball", ball)
    counts = {}
    for style in ("Surface", "Wireframe", "Points", "Surface With Edges"):
        ball.set_properties({"Representation": style, "EdgeColor": (0, 1, 0)})
        image = view.render()
        counts[style] = int(lit(image).sum())
        green = (image.pixels == (0, 255, 0)).all(axis=2).any()
        assert green == (style == "Surface With Edges")
    assert counts["Points"] < counts["Wireframe"] < counts["Surface"]
    ball.set_properties({"Visibility": False})
    assert not lit(view.render()).any()


@pytest.mark.parametrize("count", [5, 29])
def test_labels_have_exactly_their_colours(view: RenderView, count: int) -> None:
    view.set_properties({"ViewSize": (40 * count, 60)})
    view.add_representation("row", shown(labelled_quads(count), ColorBy=["CELLS", "label", 0], **FLAT))
    view.reset_camera("-Z")
    image = view.render()
    columns = np.flatnonzero(lit(image)[30])
    middles = columns[0] + (np.arange(count) + 0.5) * (columns[-1] + 1 - columns[0]) / count
    expected = [tuple(round(255 * channel) for channel in label_color(label)) for label in range(count)]
    found = [pixel(image, int(x), 30) for x in middles]
    assert np.abs(np.array(found) - np.array(expected)).max() <= 1


def test_numbers_follow_preset_and_range(view: RenderView) -> None:
    row = shown(labelled_quads(8), ColorBy=("POINTS", "x"), LookupTable="Grayscale", **FLAT)
    view.add_representation("row", row)
    view.reset_camera("-Z")
    line = view.render().pixels[40][lit(view.render())[40]].mean(axis=1)
    assert (np.diff(line) >= 0).all()
    assert line[0] < 10
    assert line[-1] > 245
    row.set_properties({"ScalarRange": (0.0, 10.0)})
    assert view.render().pixels[40][:, 0][lit(view.render())[40]].max() < 20
    assert row.color_range == (0.0, 10.0)


def test_colouring_waits_for_geometry_that_has_the_array(view: RenderView) -> None:
    ball = shown(sphere(), ColorBy=["CELLS", "label", 0], Color=(1, 0, 0), **FLAT)
    view.add_representation("ball", ball)
    assert pixel(view.render(), 60, 40) == (255, 0, 0)
    ball.set_data({"full": labelled_quads(1)})
    view.reset_camera()
    assert pixel(view.render(), 60, 40) != (255, 0, 0)


def test_translucent_surfaces_blend_in_any_order(view: RenderView) -> None:
    view.set_properties({"Background": (0, 0, 0), "CameraPosition": (0, 0, 10), "CameraFocalPoint": (0, 0, 0)})
    pictures = []
    for order in (((1, 0, 0), 0.0), ((0, 1, 0), -1.0)), (((0, 1, 0), -1.0), ((1, 0, 0), 0.0)):
        for identifier, (color, z) in enumerate(order):
            quad = labelled_quads(1)
            vtk_to_numpy(quad.GetPoints().GetData())[:, 2] = z
            view.add_representation(identifier, shown(quad, Color=color, Opacity=0.5, **FLAT))
        pictures.append(view.render().pixels)
    assert np.array_equal(pictures[0], pictures[1])
    assert np.abs(pictures[0][40, 60].astype(int) - (128, 64, 0)).max() <= 2


def test_plain_vtk_draws_the_same_pixels(view: RenderView) -> None:
    camera = {"CameraPosition": (3.0, 2.0, 5.0), "CameraFocalPoint": (0.1, 0.0, 0.0), "CameraViewUp": (0, 0, 1)}
    view.set_properties(camera)
    view.add_representation("ball", shown(sphere(), Color=(0.9, 0.3, 0.1), Specular=0.4))
    ours = view.render().pixels

    window, renderer, kit = create_window(require_opengl().window_class), vtkRenderer(), vtkLightKit()
    mapper, actor = vtkPolyDataMapper(), vtkActor()
    mapper.SetInputData(sphere())
    actor.SetMapper(mapper)
    actor.GetProperty().SetColor(0.9, 0.3, 0.1)
    actor.GetProperty().SetSpecularColor(1, 1, 1)
    actor.GetProperty().SetSpecular(0.4)
    actor.GetProperty().SetSpecularPower(30)
    renderer.AddActor(actor)
    renderer.SetBackground(0.2, 0.4, 0.6)
    kit.SetKeyLightIntensity(KEY_LIGHT)
    kit.SetKeyToHeadRatio(HEAD_RATIO)
    kit.AddLightsToRenderer(renderer)
    active = renderer.GetActiveCamera()
    active.SetPosition(camera["CameraPosition"])
    active.SetFocalPoint(camera["CameraFocalPoint"])
    active.SetViewUp(camera["CameraViewUp"])
    renderer.ResetCameraClippingRange()
    window.SetOffScreenRendering(True)
    window.SetMultiSamples(0)
    window.SetSize(120, 80)
    window.AddRenderer(renderer)
    window.Render()
    pixels = vtkUnsignedCharArray()
    window.GetPixelData(0, 0, 119, 79, 1, pixels, 0)
    window.Finalize()
    assert np.array_equal(vtk_to_numpy(pixels).reshape(80, 120, 3)[::-1], ours)


@pytest.mark.parametrize("direction", sorted(DIRECTIONS))
@pytest.mark.parametrize("parallel", [False, True])
def test_reset_frames_the_bounds(view: RenderView, direction: str, parallel: bool) -> None:
    view.set_properties({"CameraParallelProjection": parallel})
    view.add_representation("a", shown(sphere(1.0, (10, 0, 0))))
    view.add_representation("b", shown(sphere(2.0, (10, 5, -3))))
    view.reset_camera(direction)
    mask = lit(view.render())
    assert mask.any()
    assert not (mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any())
    assert max(np.ptp(np.flatnonzero(mask.any(axis=1))) / 80, np.ptp(np.flatnonzero(mask.any(axis=0))) / 120) > 0.6
    look = np.subtract(view.camera.focal_point, view.camera.position)
    assert np.allclose(look / np.linalg.norm(look), DIRECTIONS[direction][0])


def test_the_camera_is_fitted_once_unless_it_was_placed(view: RenderView) -> None:
    first = view.render().camera
    assert first is not None and first.position == (0.0, 0.0, 1.0)
    ball = shown(sphere())
    view.add_representation("ball", ball)
    fitted = view.render().camera
    assert fitted is not None and fitted.position[2] > 3
    ball.set_data({"full": sphere(5.0)})
    assert view.render().camera == fitted
    placed = RenderView({**SMALL, "CameraPosition": (0, 9, 0), "CameraViewUp": (0, 1, 0)})
    placed.add_representation("ball", shown(sphere()))
    image = placed.render()
    assert image.camera is not None and image.camera.position == (0.0, 9.0, 0.0)
    assert lit(image)[40, 60]
    placed.close()


def test_bounds_are_of_what_is_visible(view: RenderView) -> None:
    assert view.bounds is None
    view.add_representation(1, shown(labelled_quads(2)))
    view.add_representation(2, shown(sphere(9.0), Visibility=False))
    assert view.bounds == (-0.5, 0.5, -0.5, 0.5, 0.0, 0.0)
    view.remove_representation(1)
    assert view.bounds is None


def test_resizing_changes_the_next_image(view: RenderView) -> None:
    view.add_representation("ball", shown(sphere(), Color=(1, 0, 0), **FLAT))
    for size in ((300, 200), (1, 1), (64, 48)):
        view.set_properties({"ViewSize": size})
        image = view.render()
        assert image.pixels.shape == (size[1], size[0], 3)
        assert pixel(image, size[0] // 2, size[1] // 2) == (255, 0, 0)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"Backgrund": (0, 0, 0)}, UnknownProperty, "Did you mean 'Background'"),
        ({"ViewSize": (0, 10)}, InvalidProperty, "from 1 to 16384"),
        ({"ViewSize": (10.5, 10)}, InvalidProperty, "a whole number"),
        ({"ViewSize": "big"}, InvalidProperty, "expected 2 numbers"),
        ({"Background": (0, 0, 2)}, InvalidProperty, "from 0 to 1"),
        ({"CameraViewUp": (0, 0, 0)}, InvalidProperty, "a direction"),
        ({"CameraViewAngle": float("nan")}, InvalidProperty, "expected a number"),
        ({"CameraPosition": (0, 0, 0)}, InvalidProperty, "must differ"),
    ],
)
def test_a_bad_view_property_changes_nothing(
    view: RenderView, changes: dict[str, object], error: type[Exception], words: str
) -> None:
    before = view.properties
    with pytest.raises(error, match=words):
        view.set_properties({"CameraViewAngle": 10, **changes})
    assert view.properties == before


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"Opacty": 1}, UnknownProperty, "Did you mean 'Opacity'"),
        ({"Representation": "wireframe"}, InvalidProperty, "Did you mean 'Wireframe'"),
        ({"LookupTable": "Virids"}, InvalidProperty, "Did you mean 'Viridis'"),
        ({"Opacity": 1.5}, InvalidProperty, "from 0 to 1"),
        ({"PointSize": True}, InvalidProperty, "expected a number"),
        ({"ScalarRange": (2, 1)}, InvalidProperty, "low not above high"),
        ({"ColorBy": ("CELLS",)}, InvalidProperty, "a color array is"),
        ({"Visibility": "no"}, InvalidProperty, "True or False"),
    ],
)
def test_a_bad_representation_property_changes_nothing(
    changes: dict[str, object], error: type[Exception], words: str
) -> None:
    representation = shown(labelled_quads(3))
    before = representation.properties
    with pytest.raises(error, match=words):
        representation.set_properties({"LineWidth": 7, **changes})
    assert representation.properties == before


def test_what_cannot_be_coloured_is_drawn_in_one_colour_and_tried_again_when_its_properties_change(
    view: RenderView,
) -> None:
    quads = shown(labelled_quads(3), ColorBy=("CELLS", "label"), Lighting=False)
    view.add_representation("quads", quads)
    colours = view.render().pixels
    assert quads.failure is None
    quads.set_properties({"ColorBy": ("CELLS", "label", 7)})
    assert "no component 7" in str(quads.failure)
    assert len(np.unique(view.render().pixels.reshape(-1, 3), axis=0)) < len(np.unique(colours.reshape(-1, 3), axis=0))
    quads.set_properties({"Visibility": False})
    assert quads.failure is None
    quads.set_properties({"Visibility": True, "ColorBy": ("CELLS", "label")})
    assert quads.failure is None
    np.testing.assert_array_equal(view.render().pixels, colours)


def test_unknown_representations_and_directions(view: RenderView) -> None:
    view.add_representation("ball", shown(sphere()))
    with pytest.raises(UnknownRepresentation, match="Did you mean 'ball'"):
        view.remove_representation("bal")
    with pytest.raises(InvalidProperty, match=r"no direction is called 'up'"):
        view.reset_camera("up")
    with pytest.raises(InvalidProperty, match=r"no direction is called \[1, 0, 0\]"):
        view.reset_camera([1, 0, 0])  # type: ignore[arg-type]


def test_another_thread_is_refused(view: RenderView) -> None:
    caught = []

    def use() -> None:
        for action in (view.render, view.reset_camera, view.close, lambda: view.set_properties({})):
            with pytest.raises(WrongThread, match="belongs to thread") as refusal:
                action()
            caught.append(refusal)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert len(caught) == 4
    assert view.render().width == 120


def test_a_closed_view_says_so() -> None:
    view = RenderView(SMALL)
    view.close()
    view.close()
    with pytest.raises(ViewClosed):
        view.render()


def scene_digest() -> str:
    view = RenderView({"ViewSize": (200, 150)})
    view.add_representation(1, shown(sphere(), Color=(0.9, 0.5, 0.2), Specular=0.3))
    view.add_representation(2, shown(labelled_quads(9), ColorBy=["CELLS", "label", 0], Opacity=0.5))
    digests = {hashlib.sha256(view.render().pixels.tobytes()).hexdigest() for _ in range(3)}
    view.close()
    assert len(digests) == 1
    return digests.pop()


def test_the_same_scene_gives_the_same_bytes_in_another_process() -> None:
    script = "from tests.apvserver.test_rendering import scene_digest; print(scene_digest())"
    other = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=scaled(60), check=True
    )
    assert other.stdout.strip() == scene_digest()


@pytest.mark.parametrize("compression", [0, 1, 6])
def test_png_is_lossless(view: RenderView, compression: int) -> None:
    view.add_representation("ball", shown(sphere(), Color=(1, 0.5, 0)))
    image = view.render()
    read = Image.open(io.BytesIO(png_bytes(image.pixels, compression=compression)))
    assert read.format == "PNG"
    assert np.array_equal(np.asarray(read), image.pixels)


def test_views_that_come_and_go_leave_no_memory_behind() -> None:
    process, ball = psutil.Process(), sphere()

    def cycle(count: int) -> int:
        for _ in range(count):
            view = RenderView({"ViewSize": (400, 300)})
            view.add_representation(1, shown(ball, Opacity=0.5))
            view.render()
            view.close()
            del view
        gc.collect()
        return int(process.memory_info().rss)

    settled = cycle(5)
    assert cycle(30) - settled < 30 * 2**20


def test_a_turn_before_there_is_anything_to_see_says_from_where_it_will_be_looked_at(view: RenderView) -> None:
    view.move_camera("orbit", {"azimuth": 90})
    view.add_representation("ball", shown(sphere(5.0)))
    view.render()
    x, y, z = view.camera.position
    assert x > 10 and abs(y) + abs(z) < 1e-9 * x
    view.move_camera("pan", {"dx": 0.5})
    view.add_representation("larger", shown(sphere(50.0)))
    view.render()
    assert view.camera.position[0] == pytest.approx(x)
