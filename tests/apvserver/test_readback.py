"""Pictures are read back into memory that former pictures had, once nobody has those any more."""

from __future__ import annotations

import io
import sys

import numpy as np
import pytest
from PIL import Image

from apvserver.render.image_formats import encode
from apvserver.vtk.rendering.images import RenderedImage
from apvserver.vtk.rendering.pixels.readback import SparePixels
from apvserver.vtk.rendering.render_view import RenderView


def picture(value: int, shape: tuple[int, ...] = (4, 3, 4)) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full(shape, value, np.uint8)


def place(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> int:
    return int(pixels.__array_interface__["data"][0])


def test_memory_is_used_again_when_nobody_has_the_picture() -> None:
    spare = SparePixels()
    first = spare.copy_of(picture(1))
    at = place(first)
    second = spare.copy_of(picture(2))
    assert place(second) != at and (first == 1).all() and (second == 2).all()
    del first
    third = spare.copy_of(picture(3))
    assert place(third) == at and (second == 2).all() and (third == 3).all()


@pytest.mark.parametrize("part", ["view", "memory", "reshaped", "row"])
def test_what_is_made_of_a_picture_without_a_copy_keeps_its_memory(part: str) -> None:
    spare = SparePixels()
    first = spare.copy_of(picture(1))
    at = place(first)
    kept = {"view": first[1:, ::-1], "memory": first.data, "reshaped": first.reshape(-1), "row": first[2]}[part]
    del first
    others = [spare.copy_of(picture(value)) for value in (2, 3, 4)]
    assert at not in map(place, others) and (np.asarray(kept) == 1).all()
    del kept
    assert place(spare.copy_of(picture(5))) == at


def test_pictures_cannot_be_written_to() -> None:
    made = SparePixels().copy_of(picture(1))
    with pytest.raises(ValueError, match="read-only"):
        made[0, 0] = 2
    with pytest.raises(ValueError, match="cannot set WRITEABLE"):
        made.setflags(write=True)
    assert made.flags.c_contiguous


def test_memory_of_another_shape_is_let_go() -> None:
    spare = SparePixels()
    first = spare.copy_of(picture(1))
    assert spare.copy_of(picture(2, (9, 7, 4))).shape == (9, 7, 4)
    del first
    assert (spare.copy_of(picture(3, (9, 7, 4))) == 3).all()


def test_pixels_with_a_fourth_byte_are_seen_without_it() -> None:
    read = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
    padded = RenderedImage(3, 2, read, None, 0.0, is_padded=True)
    assert (padded.pixels == read[..., :3]).all() and padded.pixels.flags.c_contiguous
    assert padded.pixels is padded.pixels
    assert RenderedImage(3, 2, read, None, 0.0).pixels is read


def test_frames_are_the_picture_that_is_captured() -> None:
    view = RenderView({"ViewSize": (50, 40), "Background": (0.2, 0.4, 0.6), "UseGradientBackground": True})
    try:
        frame, captured = view.render(), view.capture()
        assert frame.is_padded and not captured.is_padded and frame.read.shape == (40, 50, 4)
        assert (frame.pixels == captured.pixels).all()
        assert encode(frame.read, "jpeg", 80) == encode(captured.pixels, "jpeg", 80)
    finally:
        view.close()


def test_without_simplejpeg_the_fourth_byte_means_nothing_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "simplejpeg", None)
    read = np.zeros((16, 16, 4), np.uint8)
    read[..., 1] = 200
    made = encode(read, "jpeg", 90)
    with Image.open(io.BytesIO(made)) as opened:
        assert opened.mode == "RGB"
        assert np.abs(np.asarray(opened).astype(int) - (0, 200, 0)).max() <= 3
