"""Options of SaveScreenshot and SaveAnimation mean what they do in ParaView, or are refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PillowImage

from servermanager import simple


@pytest.fixture(autouse=True)
def no_session_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("APV_COMMUNICATION_BACKEND", "inproc")
    yield
    simple.Disconnect()


def view_with_text() -> Any:
    view = simple.CreateRenderView(ViewSize=[160, 120], OrientationAxesVisibility=0)
    simple.Show(simple.Text(Text="Hg"), view, FontSize=20)
    return view


def read(path: Path) -> Any:
    with PillowImage.open(path) as file:
        return np.array(file)


def height_of_text(pixels: Any) -> int:
    rows = np.nonzero((pixels[..., :3] != pixels[0, 0, :3]).any(axis=(1, 2)))[0]
    return int(rows.max() - rows.min() + 1)


def test_letters_grow_with_the_resolution_unless_that_is_not_wanted(tmp_path: Path) -> None:
    view = view_with_text()
    asked: dict[str, dict[str, Any]] = {
        "own": {}, "large": {"ImageResolution": [480, 360]}, "small": {"ImageResolution": [80, 120]},
        "wide": {"ImageResolution": [640, 360]},
        "same": {"ImageResolution": [480, 360], "FontScaling": "Do not scale fonts"},
        "as number": {"ImageResolution": [480, 360], "FontScaling": 1},
    }  # fmt: skip
    heights = {}
    for name, options in asked.items():
        simple.SaveScreenshot(tmp_path / "a.png", view, **options)
        pixels = read(tmp_path / "a.png")
        assert list(pixels.shape[1::-1]) == options.get("ImageResolution", [160, 120])
        heights[name] = height_of_text(pixels)
    own = heights["own"]
    assert own > 12 and heights["same"] == heights["as number"] == heights["small"] == own
    assert heights["large"] == pytest.approx(3 * own, abs=4) and heights["wide"] == pytest.approx(4 * own, abs=5)
    simple.SaveScreenshot(tmp_path / "a.png", view=view, magnification=2)
    assert height_of_text(read(tmp_path / "a.png")) == pytest.approx(2 * own, abs=3)
    with pytest.raises(ValueError, match=r"FontScaling is .* not 'Scale font'"):
        simple.SaveScreenshot(tmp_path / "a.png", view, FontScaling="Scale font")


def test_layouts_grow_as_a_whole(tmp_path: Path) -> None:
    view = view_with_text()
    layout = simple.CreateLayout("both")
    simple.AssignViewToLayout(view=view, layout=layout)
    simple.SaveScreenshot(tmp_path / "a.png", layout)
    own = height_of_text(read(tmp_path / "a.png"))
    simple.SaveScreenshot(tmp_path / "b.png", view, SaveAllViews=1, ImageResolution=[480, 360])
    assert height_of_text(read(tmp_path / "b.png")) == pytest.approx(3 * own, abs=4)


def test_a_palette_is_that_of_the_picture_and_a_background_of_the_views_own_stays(tmp_path: Path) -> None:
    view = view_with_text()
    simple.SaveScreenshot(tmp_path / "a.png", view, OverrideColorPalette="WhiteBackground")
    pixels = read(tmp_path / "a.png")
    assert pixels[0, 0].tolist() == [255] * 3 and pixels.max(axis=2).min() == 0
    view.UseColorPaletteForBackground = 0
    view.Background = [0.0, 0.0, 1.0]
    simple.SaveScreenshot(tmp_path / "a.png", view, OverrideColorPalette="WhiteBackground")
    assert read(tmp_path / "a.png")[0, 0].tolist() == [0, 0, 255], "as ParaView 5.11 has it"
    view.UseColorPaletteForBackground = 1
    simple.SaveScreenshot(tmp_path / "a.png", view)
    assert read(tmp_path / "a.png")[0, 0].tolist() == [82, 87, 110]


def test_pictures_for_two_eyes_leave_the_view_as_it_is(tmp_path: Path) -> None:
    view = simple.CreateRenderView(ViewSize=[160, 120], OrientationAxesVisibility=0)
    simple.Show(simple.Cone(), view, DiffuseColor=[1.0, 1.0, 1.0])
    simple.ResetCamera(view)
    simple.SaveScreenshot(tmp_path / "plain.png", view)
    plain = read(tmp_path / "plain.png").astype(int)
    simple.SaveScreenshot(tmp_path / "red.png", view, StereoMode="Anaglyph")
    assert (np.ptp(read(tmp_path / "red.png").astype(int), axis=2) > np.ptp(plain, axis=2).max() + 30).sum() > 20
    simple.SaveScreenshot(tmp_path / "eyes.png", view, StereoMode="Both Eyes")
    left, right = read(tmp_path / "eyes_left.png"), read(tmp_path / "eyes_right.png")
    assert (left != right).any() and not (tmp_path / "eyes.png").exists()
    simple.SaveScreenshot(tmp_path / "one.png", view, StereoMode="Left Eye Only")
    assert (read(tmp_path / "one.png") == left).all()
    view.StereoType = "Right"
    view.StereoRender = 1
    simple.SaveScreenshot(tmp_path / "a.png", view)
    assert (read(tmp_path / "a.png") == right).all()
    simple.SaveScreenshot(tmp_path / "a.png", view, StereoMode="No stereo")
    assert (read(tmp_path / "a.png") == plain).all()
    with pytest.raises(ValueError, match="did you mean Anaglyph"):
        simple.SaveScreenshot(tmp_path / "a.png", view, StereoMode="Anaglif")


def test_files_are_packed_as_was_asked_or_it_is_said_why_not(tmp_path: Path) -> None:
    view = view_with_text()
    simple.Show(simple.Wavelet(), view, Representation="Surface")
    sizes = []
    for level in (0, 9):
        simple.SaveScreenshot(tmp_path / "a.png", view, CompressionLevel=str(level))
        sizes.append((tmp_path / "a.png").stat().st_size)
    assert sizes[0] > 160 * 120 * 3 > 4 * sizes[1]
    simple.SaveScreenshot(tmp_path / "a.jpg", view, Quality=10, Progressive=1)
    small = (tmp_path / "a.jpg").stat().st_size
    simple.SaveScreenshot(tmp_path / "b.jpg", view, quality=100)
    assert small < (tmp_path / "b.jpg").stat().st_size / 2
    with PillowImage.open(tmp_path / "a.jpg") as file:
        assert file.info["progressive"] == 1
    with pytest.raises(ValueError, match=r"quality is said of \.jpg"):
        simple.SaveScreenshot(tmp_path / "c.png", view, Quality=10)
    assert not (tmp_path / "c.png").exists()
    with pytest.warns(UserWarning, match="quality is without effect on .png"):
        simple.SaveScreenshot(tmp_path / "c.png", view, magnification=1, quality=100)
    assert read(tmp_path / "c.png").shape == (120, 160, 3)
    simple.SaveScreenshot(tmp_path / "d.png", view, TransparentBackground=1)
    assert read(tmp_path / "d.png")[0, 0].tolist()[3] == 0
    simple.GetAnimationScene().NumberOfFrames = 2
    with pytest.warns(UserWarning, match="SaveAnimation: Quality is without effect"):
        simple.SaveAnimation(tmp_path / "f.png", view, Quality=2, OverrideColorPalette="print")
    frames = sorted(path.name for path in tmp_path.glob("f*.png"))
    assert len(frames) == 2 and read(tmp_path / frames[1])[0, 0].tolist() == [255] * 3
