"""Pictures: upright (the top row at the highest y), every number as Pillow, tifffile and the formats have it."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imageio.v3
import numpy as np
import pytest
import tifffile
from PIL import Image, ImageOps

from apvserver.vtk.base.errors import FileError

from ..harness.opening import opened
from ..harness.placed_images import Placed, read_image

GENERATOR = np.random.default_rng(1)


def numbers(shape: tuple[int, ...], kind: str = "u1") -> Any:
    if np.dtype(kind).kind == "f":
        return GENERATOR.random(shape).astype(kind)
    limits = np.iinfo(kind)
    return GENERATOR.integers(limits.min, limits.max, shape, kind, endpoint=True)


def assert_upright(read: Placed, pages: Any) -> None:
    """`pages`: of page, row from the top, column and sample."""
    assert np.array_equal(read.values.transpose(2, 1, 0, 3), pages[:, ::-1])


def pages(array: Any, *, colours: bool = False) -> Any:
    array = array if colours else array[..., None]
    return array if array.ndim == 4 else array[None]


# --- TIFF

GREY = ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"]


@pytest.mark.parametrize("kind", GREY)
@pytest.mark.parametrize("stored", [{}, {"tile": (16, 16)}, {"compression": "zlib"}, {"byteorder": ">"}])
def test_grey_tiff_of_every_type(tmp_path: Path, kind: str, stored: dict[str, Any]) -> None:
    values = numbers((20, 35), kind)
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="minisblack", **stored)
    found = read_image(tmp_path / "a.tif")
    assert_upright(found, pages(values))
    assert found.values.dtype == np.dtype(kind)


def test_half_precision_becomes_single(tmp_path: Path) -> None:
    values = numbers((6, 8), "f2")
    tifffile.imwrite(tmp_path / "a.tif", values)
    assert_upright(read_image(tmp_path / "a.tif"), pages(values.astype("f4")))


@pytest.mark.parametrize("kind", ["u1", "u2", "f4"])
@pytest.mark.parametrize("samples", [3, 4])
@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"tile": (16, 16)},
        {"planarconfig": "separate"},
        {"bigtiff": True},
        {"compression": "zlib", "rowsperstrip": 5},
    ],
)
def test_colours_in_tiff(tmp_path: Path, kind: str, samples: int, stored: dict[str, Any]) -> None:
    values = numbers((20, 35, samples), kind)
    written = np.moveaxis(values, -1, 0) if "planarconfig" in stored else values
    tifffile.imwrite(tmp_path / "a.tif", written, photometric="rgb", **stored)
    assert_upright(read_image(tmp_path / "a.tif"), pages(values, colours=True))


@pytest.mark.parametrize("kind", ["u1", "u2", "f4"])
def test_pages_are_slices(tmp_path: Path, kind: str) -> None:
    values = numbers((5, 6, 8), kind)
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="minisblack")
    assert_upright(read_image(tmp_path / "a.tif"), pages(values))
    imageio.v3.imwrite(tmp_path / "b.tif", values)
    assert_upright(read_image(tmp_path / "b.tif"), pages(values))
    colours = numbers((5, 6, 8, 3), "u1")
    tifffile.imwrite(tmp_path / "c.tif", colours, photometric="rgb")
    assert_upright(read_image(tmp_path / "c.tif"), pages(colours, colours=True))


@pytest.mark.parametrize("kind", ["u1", "u2"])
def test_predicted_rows(tmp_path: Path, kind: str) -> None:
    values = numbers((6, 8), kind)
    tifffile.imwrite(tmp_path / "a.tif", values, compression="zlib", predictor=True)
    assert_upright(read_image(tmp_path / "a.tif"), pages(values))


@pytest.mark.parametrize("compression", ["tiff_lzw", "packbits", "tiff_adobe_deflate", "raw"])
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "P", "1", "CMYK", "I;16", "F"])
def test_tiff_as_pillow_writes_it(tmp_path: Path, mode: str, compression: str) -> None:
    colours = Image.fromarray(numbers((6, 8, 4)))
    wide = {"I;16": "u2", "F": "f4"}
    written = Image.fromarray(numbers((6, 8), wide[mode])) if mode in wide else colours.convert(mode)
    written.save(tmp_path / "a.tif", compression=compression)
    found = read_image(tmp_path / "a.tif")
    shown = written.convert({"P": "RGB", "CMYK": "RGB", "1": "L"}.get(mode, mode))
    assert_upright(found, pages(np.asarray(shown), colours=len(shown.getbands()) > 1))


def lzw(data: bytes) -> bytes:
    """LZW of TIFF 6.0 without any repetition: codes of nine bits, of which the table is cleared before it needs ten."""
    codes = [code for at in range(0, len(data), 250) for code in (256, *data[at : at + 250])]
    bits = "".join(f"{code:09b}" for code in (*codes, 257))
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def restored(path: Path, values: Any, compression: int, predictor: int, data: bytes) -> None:
    """Write values as one strip that is stored so."""
    tifffile.imwrite(path, values, photometric="minisblack", planarconfig="contig" if values.ndim == 3 else None)
    content = bytearray(path.read_bytes())
    with tifffile.TiffFile(path) as file:
        page = file.pages.first
        at = {tag: page.tags[tag].valueoffset for tag in (259, 273, 279)}
        where = page.tags[282].offset  # of the resolution, whose place is taken
    for tag, size, number in ((259, 2, compression), (273, 4, len(content)), (279, 4, len(data))):
        content[at[tag] : at[tag] + size] = number.to_bytes(size, "little")
    content[where : where + 12] = struct.pack("<HHII", 317, 3, 1, predictor)
    path.write_bytes(bytes(content) + data)


@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("kind", ["u1", "i2", "u2", "i4", "f4", "f8"])
@pytest.mark.parametrize("predicted", [False, True])
@pytest.mark.parametrize("compression", [5, 8])
def test_compressed_numbers_keep_their_digits(
    tmp_path: Path, kind: str, samples: int, predicted: bool, compression: int
) -> None:
    """As GDAL writes rasters: predictor 2 of TIFF 6.0, predictor 3 of Adobe's technical note 3."""
    values = numbers((6, 8, samples), kind) if samples > 1 else numbers((6, 8), kind)
    rows = values.reshape(6, 8, samples)
    predictor = 1 if not predicted else 3 if kind[0] == "f" else 2
    if predictor == 2:
        rows = np.concatenate([rows[:, :1], np.diff(rows, axis=1)], axis=1).astype(kind)
    elif predictor == 3:
        planes = rows.astype(f">{kind}").view("u1").reshape(6, 8 * samples, -1).transpose(0, 2, 1)
        flat = np.ascontiguousarray(planes).reshape(6, -1, samples)
        rows = np.concatenate([flat[:, :1], np.diff(flat, axis=1)], axis=1).astype("u1")
    data = np.ascontiguousarray(rows).tobytes()
    path = tmp_path / "a.tif"
    restored(path, values, compression, predictor, lzw(data) if compression == 5 else zlib.compress(data))
    found = read_image(path)
    assert found.array.GetDataTypeAsString() == name_of_type(kind)
    assert_upright(found, pages(values, colours=samples > 1))


def name_of_type(kind: str) -> str:
    return {"u1": "unsigned char", "i2": "short", "u2": "unsigned short", "i4": "int", "f4": "float", "f8": "double"}[
        kind
    ]


@pytest.mark.parametrize("compression", ["tiff_lzw", "zstd", "lzma", "packbits"])
def test_wide_numbers_as_pillow_compresses_them(tmp_path: Path, compression: str) -> None:
    values = numbers((6, 8), "i4")
    Image.fromarray(values).save(tmp_path / "a.tif", compression=compression, tiffinfo={339: 2})
    found = read_image(tmp_path / "a.tif")
    assert found.array.GetDataTypeAsString() == "int"
    assert_upright(found, pages(values))


def test_white_is_the_largest_number(tmp_path: Path) -> None:
    values = numbers((6, 8))
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="miniswhite")
    assert_upright(read_image(tmp_path / "a.tif"), pages(255 - values))


UPRIGHT: dict[int, Callable[[Any], Any]] = {
    1: lambda rows: rows,
    2: np.fliplr,
    3: lambda rows: np.rot90(rows, 2),
    4: np.flipud,
    5: np.transpose,
    6: lambda rows: np.rot90(rows, -1),
    7: lambda rows: np.rot90(rows, 2).T,
    8: np.rot90,
}
"""TIFF 6.0, tag 274: which edges of the picture the first row and the first column of the file are."""


@pytest.mark.parametrize("orientation", UPRIGHT)
def test_a_tiff_that_is_stored_turned(tmp_path: Path, orientation: int) -> None:
    values = numbers((6, 8))
    tifffile.imwrite(tmp_path / "a.tif", values, extratags=[(274, 3, 1, orientation, True)])
    assert_upright(read_image(tmp_path / "a.tif"), pages(UPRIGHT[orientation](values)))
    said = {274: orientation}
    Image.fromarray(values).save(tmp_path / "b.tif", compression="tiff_lzw", tiffinfo=said)
    assert_upright(read_image(tmp_path / "b.tif"), pages(UPRIGHT[orientation](values)))


def test_distances_of_pixels_and_slices(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", numbers((6, 8)), resolution=(100, 50), resolutionunit="CENTIMETER")
    np.testing.assert_allclose(read_image(tmp_path / "a.tif").data.GetSpacing()[:2], (0.1, 0.2))
    values = numbers((5, 6, 8), "u2")
    said = {"spacing": 3.0, "unit": "um", "axes": "ZYX"}
    tifffile.imwrite(tmp_path / "b.tif", values, imagej=True, resolution=(2, 4), metadata=said)
    found = read_image(tmp_path / "b.tif")
    np.testing.assert_allclose(found.data.GetSpacing(), (0.5, 0.25, 3.0))
    assert_upright(found, pages(values))


def test_pages_of_other_sizes_are_told(tmp_path: Path) -> None:
    with tifffile.TiffWriter(tmp_path / "a.tif") as writer:
        writer.write(numbers((6, 8)))
        writer.write(numbers((3, 4)))
    found = read_image(tmp_path / "a.tif")
    assert found.data.GetDimensions() == (8, 6, 1)
    assert any("1 of its 2 pages have another size" in one for one in found.messages)


# --- others


@pytest.mark.parametrize("mode", ["L", "RGB", "P", "1", "RGBA"])
@pytest.mark.parametrize("extension", [".bmp", ".tga", ".png"])
def test_pictures_as_pillow_writes_them(tmp_path: Path, mode: str, extension: str) -> None:
    if mode == "P" and extension == ".png":
        mode = "LA"
    written = Image.fromarray(numbers((6, 8, 4))).convert(mode)
    written.save(tmp_path / f"a{extension}")
    with Image.open(tmp_path / f"a{extension}") as picture:
        shown = picture.convert({"P": "RGB", "1": "L"}.get(picture.mode, picture.mode))
    assert_upright(read_image(tmp_path / f"a{extension}"), pages(np.asarray(shown), colours=len(shown.getbands()) > 1))


@pytest.mark.parametrize("stored", [{"compression": "tga_rle"}, {"orientation": 1}])
def test_tga_that_is_compressed_or_begins_at_the_top(tmp_path: Path, stored: dict[str, Any]) -> None:
    values = numbers((6, 8, 3))
    Image.fromarray(values).save(tmp_path / "a.tga", **stored)
    assert_upright(read_image(tmp_path / "a.tga"), pages(values, colours=True))


def test_png_of_16_bits(tmp_path: Path) -> None:
    values = numbers((6, 8), "u2")
    Image.fromarray(values).save(tmp_path / "a.png")
    assert_upright(read_image(tmp_path / "a.png"), pages(values))


def test_jpeg_that_is_turned_or_has_printing_colours(tmp_path: Path) -> None:
    colours = Image.fromarray(np.kron(numbers((3, 4, 3)), np.ones((16, 16, 1), "u1")))
    said = Image.Exif()
    said[274] = 6
    colours.save(tmp_path / "turned.jpg", exif=said)
    with Image.open(tmp_path / "turned.jpg") as picture:
        upright = np.asarray(ImageOps.exif_transpose(picture))
    assert_upright(read_image(tmp_path / "turned.jpg"), pages(upright, colours=True))
    colours.convert("CMYK").save(tmp_path / "printed.jpg")
    with Image.open(tmp_path / "printed.jpg") as picture:
        shown = np.asarray(picture.convert("RGB"))
    assert_upright(read_image(tmp_path / "printed.jpg"), pages(shown, colours=True))


def test_portable_maps_keep_their_numbers(tmp_path: Path) -> None:
    """By netpbm: a maximum says what white is; numbers are not stretched to it, which would change measured ones."""
    values = numbers((6, 8)) % 16
    wide = numbers((6, 8), "u2") % 4096
    text = "\n".join(" ".join(map(str, row)) for row in values)
    files = {
        "plain.pgm": (f"P2\n# said by hand\n8 6\n15\n{text}\n".encode(), values),
        "binary.pgm": (b"P5\n# by hand\n8 6\n15\n" + values.tobytes(), values),
        "wide.pgm": (b"P5 8 6 4095\n" + wide.astype(">u2").tobytes(), wide),
    }
    for name, (content, expected) in files.items():
        (tmp_path / name).write_bytes(content)
        assert_upright(read_image(tmp_path / name), pages(expected))
    colours = numbers((6, 8, 3))
    Image.fromarray(colours).save(tmp_path / "a.ppm")
    assert_upright(read_image(tmp_path / "a.ppm"), pages(colours, colours=True))
    floats = numbers((6, 8), "f4")
    (tmp_path / "a.pfm").write_bytes(b"Pf\n8 6\n-1.0\n" + floats[::-1].tobytes())
    assert_upright(read_image(tmp_path / "a.pfm"), pages(floats))
    black = numbers((6, 11)) > 127
    Image.fromarray(~black).save(tmp_path / "a.pbm")
    assert_upright(read_image(tmp_path / "a.pbm"), pages(np.where(black, 0, 255).astype("u1")))


def test_content_outweighs_the_name(tmp_path: Path) -> None:
    values = numbers((6, 8, 3))
    Image.fromarray(values).save(tmp_path / "a.jpg", format="PNG")
    assert_upright(read_image(tmp_path / "a.jpg"), pages(values, colours=True))


def test_a_picture_that_would_lose_digits_is_refused(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", numbers((6, 8, 3), "u2"), photometric="rgb")
    content = bytearray((tmp_path / "a.tif").read_bytes())
    with tifffile.TiffFile(tmp_path / "a.tif") as file:
        at = file.pages.first.tags[259].valueoffset
    content[at : at + 2] = (34887).to_bytes(2, "little")  # LERC
    (tmp_path / "a.tif").write_bytes(content)
    with pytest.raises(FileError, match="compression 34887"):
        read_image(tmp_path / "a.tif")


def test_complex_numbers_are_called_so(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.tif", numbers((6, 8), "f4").astype("c8"))
    with pytest.raises(FileError, match="its numbers are complex, which is not shown"):
        read_image(tmp_path / "a.tif")


# --- stacks of microscopy


@pytest.mark.parametrize("said", [{"imagej": True}, {"ome": True}])
@pytest.mark.parametrize("axes", ["TZCYX", "ZCYX", "TZYX", "TCYX", "ZYX"])
def test_slices_channels_and_times(tmp_path: Path, axes: str, said: dict[str, Any]) -> None:
    """As tifffile writes them: channels are components, times are times."""
    sizes = {"T": 2, "Z": 3, "C": 2, "Y": 6, "X": 8}
    values = numbers(tuple(sizes[axis] for axis in axes), "u2")
    more = {"spacing": 3.0, "unit": "um", "finterval": 0.5} if "imagej" in said else {
        "PhysicalSizeX": 0.5, "PhysicalSizeY": 0.25, "PhysicalSizeZ": 3.0, "TimeIncrement": 0.5,
    }  # fmt: skip
    path = tmp_path / ("a.tif" if "imagej" in said else "a.ome.tif")
    tifffile.imwrite(path, values, resolution=(2, 4), metadata={"axes": axes, **more}, photometric="minisblack", **said)
    full = values[tuple(slice(None) if axis in axes else None for axis in "TZCYX")]
    for step in range(full.shape[0]):
        found = read_image(path, time=0.5 * step)
        assert found.times == ((0.0, 0.5) if "T" in axes else ())
        assert_upright(found, np.moveaxis(full[step], 1, -1))
    np.testing.assert_allclose(found.data.GetSpacing()[:2], (0.5, 0.25))
    assert "Z" not in axes or found.data.GetSpacing()[2] == 3.0


@pytest.mark.parametrize(
    ("units", "z"),
    [(("nm", "nm", "\u00b5m"), 2000), (("\u00b5m", "\u00b5m", "nm"), 0.002), (("mm", "cm", None), 0.002)],
)
def test_distances_in_several_units_become_those_of_the_first(
    tmp_path: Path, units: tuple[str | None, ...], z: float
) -> None:
    sizes = dict(zip(("PhysicalSizeX", "PhysicalSizeY", "PhysicalSizeZ"), (0.5, 0.25, 2), strict=True))
    named = {f"{name}Unit": unit for name, unit in zip(sizes, units, strict=True) if unit is not None}
    metadata = {"axes": "ZYX", **sizes, **named}
    tifffile.imwrite(tmp_path / "a.ome.tif", numbers((3, 6, 8), "u2"), metadata=metadata, ome=True)
    y = 2.5 if units[1] == "cm" else 0.25
    np.testing.assert_allclose(read_image(tmp_path / "a.ome.tif").data.GetSpacing(), (0.5, y, z))


SCALE = (33550, "d", 3, (10.0, 20.0, 0.0), True)
TIE = (33922, "d", 6, (0.0, 0.0, 0.0, 500000.5, 4000000.0, 0.0), True)
PLACES: dict[str, tuple[list[Any], Any]] = {
    "corner": ([TIE, SCALE], lambda i, j: (500000.5 + 10 * (i + 0.5), 4000000 - 20 * (j + 0.5))),
    "corner of another pixel": (
        [(33922, "d", 6, (2.0, 3.0, 0.0, 500000.5, 4000000.0, 0.0), True), SCALE],
        lambda i, j: (500000.5 + 10 * (i - 1.5), 4000000 - 20 * (j - 2.5)),
    ),
    "middle": (
        [TIE, SCALE, (34735, "H", 8, (1, 1, 0, 1, 1025, 0, 1, 2), True)],
        lambda i, j: (500000.5 + 10 * i, 4000000 - 20 * j),
    ),
    "turned": (
        [(34264, "d", 16, (6.0, 8.0, 0.0, 100.0, 8.0, -6.0, 0.0, 200.0, *[0.0] * 8), True)],
        lambda i, j: (100 + 6 * (i + 0.5) + 8 * (j + 0.5), 200 + 8 * (i + 0.5) - 6 * (j + 0.5)),
    ),
    "rows go up": (
        [TIE, (33550, "d", 3, (10.0, -20.0, 0.0), True)],
        lambda i, j: (500000.5 + 10 * (i + 0.5), 4000000 + 20 * (j + 0.5)),
    ),
}


@pytest.mark.parametrize("kind", PLACES)
def test_places_on_earth_are_those_of_the_middles_of_pixels(tmp_path: Path, kind: str) -> None:
    tags, place = PLACES[kind]
    path, warnings, values = tmp_path / "a.tif", list[str](), numbers((6, 8), "f4")
    tifffile.imwrite(path, values, extratags=tags)
    data = opened(path, warnings=warnings)
    assert warnings == []
    (array,) = (data.GetPointData().GetArray(one) for one in range(data.GetPointData().GetNumberOfArrays()))
    found = {data.GetPoint(one)[:2]: array.GetValue(one) for one in range(48)}
    for j in range(6):
        for i in range(8):
            x, y = place(i, j)
            near = [value for at, value in found.items() if np.allclose(at, (x, y), rtol=0, atol=1e-6)]
            assert near == [values[j, i]]


def test_places_on_earth_of_a_turned_image_are_told(tmp_path: Path) -> None:
    path, warnings = tmp_path / "a.tif", list[str]()
    tifffile.imwrite(path, numbers((6, 8), "f4"), extratags=[TIE, SCALE, (274, "H", 1, 6, True)])
    assert opened(path, warnings=warnings).GetBounds() == (0, 5, 0, 7, 0, 0)
    (told,) = warnings
    assert "it is to be turned (Orientation), so its places on Earth (GeoTIFF) are not applied" in told


def test_places_on_earth_by_points_alone_and_marks_of_missing_values_are_told(tmp_path: Path) -> None:
    points = (0.0, 0.0, 0.0, 5.0, 50.0, 0.0, 7.0, 5.0, 0.0, 6.0, 49.0, 0.0)
    path, warnings = tmp_path / "a.tif", list[str]()
    tags = [(33922, "d", 12, points, True), (42113, "s", 0, "-9999", True)]
    tifffile.imwrite(path, numbers((6, 8), "f4"), extratags=tags)
    assert opened(path, warnings=warnings).GetBounds() == (0, 7, 0, 5, 0, 0)
    (told,) = warnings
    assert "where it is on Earth (GeoTIFF) by 2 places alone, which are not applied" in told


METADATA = (
    '<GDALMetadata>\n<Item name="OFFSET" sample="0" role="offset">273.15</Item>\n<Item name="SCALE" sample="0" '
    'role="scale">0.01</Item>\n<Item name="DESCRIPTION" sample="0" role="description">T</Item>\n</GDALMetadata>\n'
)


@pytest.mark.parametrize("kind", ["u1", "i2", "i4", "f4", "f8"])
@pytest.mark.parametrize("scaled", [False, True])
def test_numbers_are_what_gdal_says_that_they_mean(tmp_path: Path, kind: str, scaled: bool) -> None:
    values = np.array([[1, 2, 7], [7, 5, 6]], kind)
    tags: list[Any] = [(42113, "s", 0, "7", True), *([(42112, "s", 0, METADATA, True)] if scaled else [])]
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="minisblack", extratags=tags)
    found = read_image(tmp_path / "a.tif")
    wanted = np.where(values == 7, np.nan, values.astype(float) * (0.01 if scaled else 1) + 273.15 * scaled)
    assert found.messages == ()
    assert found.array.GetDataTypeAsString() == ("double" if scaled or kind in ("i4", "f8") else "float")
    np.testing.assert_allclose(found.values[:, ::-1, 0, 0].T, wanted, rtol=1e-14)


@pytest.mark.parametrize("mark", ["nan", "-9999", "0.5", "none"])
def test_marks_that_no_number_can_be_change_nothing(tmp_path: Path, mark: str) -> None:
    values = numbers((6, 8))
    tags = [(42113, "s", 0, mark, True)]
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="minisblack", extratags=tags)
    found = read_image(tmp_path / "a.tif")
    assert found.array.GetDataTypeAsString() == "unsigned char" and found.messages == ()
    assert_upright(found, pages(values))


def test_colors_with_a_mark_stay_colors_and_it_is_told(tmp_path: Path) -> None:
    values = numbers((6, 8, 3))
    tifffile.imwrite(tmp_path / "a.tif", values, photometric="rgb", extratags=[(42113, "s", 0, "0", True)])
    found = read_image(tmp_path / "a.tif")
    assert found.array.GetDataTypeAsString() == "unsigned char"
    (told,) = found.messages
    assert "values that are 0 say that there is none (GDAL_NODATA): they are kept as numbers" in told
