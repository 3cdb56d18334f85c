"""Numbers and labels get the colours they should."""

import tracemalloc
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkLookupTable

from apvserver.vtk.base.associations import GeometryError
from apvserver.vtk.geometry import colors
from apvserver.vtk.geometry.colors import (
    TransferFunction,
    is_categorical,
    label_color,
    lookup_table,
    preset_colors,
    preset_points,
)


def color_of(table: vtkLookupTable, value: float) -> list[int]:
    color = [0.0, 0.0, 0.0]
    table.GetColor(value, color)
    return as_bytes(color)


def as_bytes(color: Sequence[float]) -> list[int]:
    return [round(channel * 255) for channel in color]


@pytest.mark.parametrize("name", colors.PRESETS)
def test_a_table_starts_and_ends_with_its_preset(name: str) -> None:
    table = lookup_table(TransferFunction(name), (-2.0, 6.0))
    ends = colors.PRESETS[name].colors[0], colors.PRESETS[name].colors[-1]
    for value, end in zip((-2.0, 6.0), ends, strict=True):
        assert np.allclose(color_of(table, value), as_bytes(end), atol=1)
    assert color_of(table, -100.0) == color_of(table, -2.0)
    assert color_of(table, 100.0) == color_of(table, 6.0)
    assert color_of(table, float("nan")) == [128, 128, 128]


def test_cool_to_warm_is_whitish_in_the_middle() -> None:
    assert colors.preset_colors("Cool to Warm", 3)[1] == pytest.approx([0.865] * 3, abs=0.01)


def test_an_unknown_preset_suggests_the_nearest() -> None:
    with pytest.raises(GeometryError, match="Did you mean 'Viridis'"):
        TransferFunction("viridiss")
    with pytest.raises(GeometryError, match="Did you mean 'Cool to Warm'"):
        colors.preset_colors("cool to warm")


def test_a_single_value_gets_the_middle_colour() -> None:
    table = lookup_table(TransferFunction("Grayscale"), (7.0, 7.0))
    assert color_of(table, 7.0)[0] in (127, 128)


@pytest.mark.parametrize("bad", [(2.0, 1.0), (0.0, float("nan")), (float("-inf"), 0.0)])
def test_ranges_that_are_none(bad: tuple[float, float]) -> None:
    with pytest.raises(GeometryError, match="two finite numbers"):
        lookup_table(TransferFunction(), bad)


def test_palette_is_distinguishable_and_neighbours_differ_strongly() -> None:
    palette = np.array(colors.categorical_palette())
    lab = colors._oklab_from_linear(colors._linear_from_srgb(palette))
    distance = np.linalg.norm(lab[:, None] - lab[None, :], axis=2)
    np.fill_diagonal(distance, 9.0)
    assert len(palette) >= 32
    assert distance[:32, :32].min() > 0.08  # 0.02 is about the least difference the eye sees
    assert np.diag(distance[:32, :32], 1).min() > 0.18
    assert np.diag(distance, 1).min() > 0.15


def test_palette_is_the_same_everywhere() -> None:
    assert [as_bytes(label_color(label)) for label in range(3)] == [[246, 110, 92], [31, 93, 194], [74, 251, 242]]
    assert label_color(2 + colors.PALETTE_SIZE) == label_color(2)


def test_a_label_keeps_its_colour_whatever_the_range() -> None:
    spec = TransferFunction(categorical=True, component=0)
    for scalar_range in ((1, 29), (-3, 12), (5, 5), (0, 300)):
        table = lookup_table(spec, scalar_range)
        for label in (scalar_range[0], (scalar_range[0] + scalar_range[1]) // 2, scalar_range[1]):
            assert np.allclose(color_of(table, label), as_bytes(label_color(label)), atol=1)


def test_labels_outside_the_range_are_nan_coloured() -> None:
    table = lookup_table(TransferFunction(categorical=True, component=0, nan_color=(1.0, 0.0, 1.0)), (2, 4))
    assert color_of(table, 1) == color_of(table, 5) == color_of(table, float("nan")) == [255, 0, 255]


def test_labels_too_far_apart_are_refused_with_the_way_out() -> None:
    with pytest.raises(GeometryError, match="set Categorical to False"):
        lookup_table(TransferFunction(categorical=True), (0, 1e6))


@pytest.mark.parametrize(
    ("values", "component", "expected"),
    [
        (np.array([1, 2, 29], np.uint8), 0, True),
        (np.array([[1, 0], [29, 2]], np.uint8), 0, True),
        (np.array([[1, 0], [29, 2]], np.uint8), "Magnitude", False),
        (np.array([-5, 4], np.int16), 0, True),
        (np.array([0, 20000], np.int16), 0, False),
        (np.arange(1000, dtype=np.uint16), 0, False),
        (np.arange(64, dtype=np.uint8), 0, True),
        (np.arange(65, dtype=np.uint8), 0, False),  # shades of a photograph
        (np.array([1, 2], np.int32), 0, False),
        (np.array([1.0, 2.0]), 0, False),
        (np.array([], np.uint8), 0, False),
    ],
)
def test_what_looks_like_labels(values: np.ndarray, component: Any, expected: bool) -> None:
    assert is_categorical(numpy_to_vtk(values, deep=True), component) is expected


def test_black_bodies_are_as_bright_as_those_of_paraview() -> None:
    """ParaView's points stand at 0, 0.4, 0.8 and 1."""
    colors = preset_colors("Black-Body Radiation", 101)
    glowing = 230 / 255
    for at, right in ((0, (0, 0, 0)), (20, (glowing / 2, 0, 0)), (40, (glowing, 0, 0)), (80, (glowing, glowing, 0))):
        assert colors[at] == pytest.approx(right, abs=1e-6)
    assert colors[100] == pytest.approx((1, 1, 1))
    points = preset_points(TransferFunction("Black-Body Radiation"), 0.0, 10.0)
    assert points[::4] == pytest.approx([0.0, 4.0, 8.0, 10.0])


def test_hues_are_mixed_from_number_to_number_unless_they_wrap() -> None:
    points = (0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0)
    middle = {
        wraps: table_colors(TransferFunction(points=points, space="HSV", hue_wraps=wraps, count=3), 0.0, 1.0)[1]
        for wraps in (False, True)
    }
    assert middle[False] == pytest.approx((0, 1, 0), abs=0.01), "as in ParaView: over green"
    assert middle[True] == pytest.approx((1, 0, 1), abs=0.01), "the shorter way: over magenta"


def table_colors(spec: TransferFunction, low: float, high: float) -> list[tuple[float, ...]]:
    table = lookup_table(spec, (low, high))
    return [table.GetTableValue(index)[:3] for index in range(table.GetNumberOfTableValues())]


def test_that_bytes_are_labels_is_found_in_little_memory() -> None:
    values = np.tile(np.arange(30, dtype=np.uint8), 100_000)
    array = numpy_to_vtk(values)
    tracemalloc.start()
    try:
        assert is_categorical(array)
        assert not is_categorical(numpy_to_vtk(np.append(values, np.arange(200, dtype=np.uint8))))
        assert tracemalloc.get_traced_memory()[1] < 4 * values.nbytes  # twice: the appended ones, and their source
    finally:
        tracemalloc.stop()
