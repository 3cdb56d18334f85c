"""Images on the wire: what is encoded is what is decoded, and who is slow gets smaller ones."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from apvserver.render.image_formats import (
    AUTO,
    FORMATS,
    HIGHEST_QUALITY,
    LOSSLESS,
    LOWEST_QUALITY,
    UnknownFormat,
    check_format,
    encode,
    next_quality,
    packing,
)
from apvserver.render.image_streams import Picture, image_packet
from apvserver.vtk.rendering.images import CameraState, RenderedImage
from servermanager import Image

CAMERA = CameraState((0.0, 0.0, 1.0), (0.0, 0.0, 0.0), (0.0, 1.0, 0.0), 30.0, False, 1.0)


def picture(channels: int = 3) -> Picture:
    """A smooth picture of 40 x 30 pixels."""
    y, x = np.mgrid[0:30, 0:40]
    pixels = np.stack([x * 6, y * 8, 255 - x * 3, x + y][:channels], axis=-1).astype(np.uint8)
    return Picture(RenderedImage(40, 30, pixels, CAMERA, 0.5), 7, 2, True, 1.0, 2.0, {0: 3})


@pytest.mark.parametrize("image_format", FORMATS)
@pytest.mark.parametrize("channels", [3, 4])
def test_what_is_encoded_is_what_is_decoded(image_format: str, channels: int) -> None:
    made = picture(channels)
    image = Image.from_packet(image_packet(made, image_format, 95))
    assert (image.width, image.height, image.format, image.sequence, image.level) == (40, 30, image_format, 7, 2)
    assert image.camera["position"] == [0.0, 0.0, 1.0]
    assert (image.requested, image.rendered, image.render_s) == (1.0, 2.0, 0.5)
    assert not image.pixels.flags.writeable
    if image_format in LOSSLESS:
        np.testing.assert_array_equal(image.pixels[..., :channels], made.drawn.pixels)
        assert image.channels == image.pixels.shape[2] == (4 if image_format == "rgba" else channels)
        assert channels == 4 or (image.pixels[..., 3:] == 255).all()
        assert image.quality is None
    else:
        np.testing.assert_allclose(image.pixels.astype(int), made.drawn.pixels[..., :3].astype(int), atol=12)
        assert image.quality == 95


def test_jpeg_without_simplejpeg_is_made_and_read_by_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "simplejpeg", None)
    image = Image.from_packet(image_packet(picture(), "jpeg", 95))
    assert bytes(image.data[:2]) == b"\xff\xd8"
    np.testing.assert_allclose(image.pixels.astype(int), picture().drawn.pixels.astype(int), atol=12)


def test_a_better_quality_costs_more_bytes() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    assert len(encode(noise, "jpeg", 40)) < len(encode(noise, "jpeg", 90))


def test_an_unknown_format_is_refused_naming_those_that_are_known() -> None:
    with pytest.raises(UnknownFormat, match=r"'bmp' is not known; the formats are jpeg, png, lz4, zlib, rgb"):
        check_format("bmp", stream=False)
    with pytest.raises(UnknownFormat, match="auto"):
        check_format("bmp", stream=True)
    check_format(AUTO, stream=True)
    with pytest.raises(UnknownFormat, match="auto"):
        check_format(AUTO, stream=False)


def test_a_slow_link_gets_smaller_images_and_a_fast_one_better_ones_within_bounds() -> None:
    assert next_quality(80, transfer_s=0.2, frame_s=0.05) == 70
    assert next_quality(80, transfer_s=0.04, frame_s=0.05) == 80
    assert next_quality(80, transfer_s=0.001, frame_s=0.05) == 82
    assert next_quality(LOWEST_QUALITY, transfer_s=9, frame_s=0.05) == LOWEST_QUALITY
    assert next_quality(HIGHEST_QUALITY, transfer_s=0, frame_s=0.05) == HIGHEST_QUALITY


@pytest.mark.parametrize(
    ("lacking", "unpacks", "format_sent"),
    [
        (False, ("lz4", "zlib"), "lz4"),
        (False, ("zlib",), "zlib"),
        (True, ("lz4", "zlib"), "zlib"),
        (True, ("lz4",), "png"),
        (False, ("snappy",), "png"),
        (False, (), "png"),
    ],
    ids=["both have it", "client lacks it", "server lacks it", "old client", "newer client", "client with nothing"],
)
def test_what_stays_is_packed_as_both_sides_can(
    lacking: bool, unpacks: tuple[str, ...], format_sent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if lacking:
        monkeypatch.setitem(sys.modules, "lz4", None)
        monkeypatch.setitem(sys.modules, "lz4.block", None)
    chosen = packing("lz4", unpacks)
    image = Image.from_packet(image_packet(picture(), chosen, 95))
    assert (chosen, image.format, image.quality) == (format_sent, format_sent, None)
    np.testing.assert_array_equal(image.pixels, picture().drawn.pixels)
    assert packing("jpeg", unpacks) == "jpeg"
    assert packing("rgb", unpacks) == "rgb"
