"""The figures of the gallery could be printed: nothing is cut, and colors are those that legends have for values."""

from __future__ import annotations

import ast
import itertools
import runpy
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pytest

from servermanager import sync

from ..harness.apvtest import ROOT, Program, pixels
from ..harness.legibility import faults
from ..harness.time_limits import scaled

Pixels = npt.NDArray[np.int_]

FOLDER: Final = ROOT / "examples" / "figures"
FIGURES: Final = sorted(FOLDER.glob("*.py"))
MOST_LINES: Final = 25
SIZES: Final = {"screen": ((800, 600), 72), "print": ((2000, 1500), 300)}
KINDS: Final = ("screen", pytest.param("print", marks=pytest.mark.deep))
"""Names of those; pictures of six times as many pixels take as much longer."""
NAMES: Final = [path.stem for path in FIGURES]
OF_VIEWS: Final = {"12_charts", "14_views"}
"""Figures of several views."""
UNLIT: Final = {"06_contour_lines", "09_log", "10_nan"}
"""Figures without light: their colors are those of the legend, exactly."""
LIT: Final = {"01_surface", "02_contours", "04_streamlines", "05_arrows", "07_cells"}
"""Figures with light: their colors are darker or brighter than those of the legend, and else the same."""
NEAR: Final = {"07_cells": 0.2}
"""How far the number of the nearest point may be from that of a pixel, where cells are large: of the range."""
ENOUGH: Final = 12
"""So many places are looked at."""
_FRAME: Final = 2
"""So many pixels along the border are to be empty."""


@dataclass(frozen=True)
class Figure:
    """A figure that was made: its session, and what makes pictures of it."""

    name: str
    session: Any
    whole: Any
    view: Any
    shown: Any

    def picture(self, kind: str, folder: Path) -> Pixels:
        """Return its pixels as they are written to a file, for a screen or for print."""
        size, dots = SIZES[kind]
        file = folder / f"{self.name}_{kind}.png"
        self.whole.save_screenshot(file, size=size, dpi=dots, palette="print")
        made = pixels(file).astype(int)
        assert made.shape == (size[1], size[0], 3)
        return made


@pytest.fixture(scope="module")
def figure(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Figure]:
    """Each script as it stands, in a session that is still there when it has ended."""
    path = FOLDER / f"{request.param}.py"
    with sync.connect() as session, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sync, "connect", lambda: nullcontext(session))
        patch.chdir(tmp_path_factory.mktemp(path.stem))
        found = runpy.run_path(str(path))
        assert [one.name for one in Path.cwd().iterdir()] == [f"{path.stem}.png"]
        assert pixels(Path(f"{path.stem}.png")).shape == (600, 800, 3)
        yield Figure(path.stem, session, found.get("figure") or found["view"], found.get("view"), found.get("shown"))


def each(names: Iterable[str]) -> pytest.MarkDecorator:
    """Have a test run for each of these figures."""
    return pytest.mark.parametrize("figure", sorted(names), indirect=True)


def test_there_are_fourteen_and_each_is_short() -> None:
    assert [path.stem[:2] for path in FIGURES] == [f"{number:02}" for number in range(1, 15)]
    for path in FIGURES:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= MOST_LINES, path.name
        assert (ast.get_docstring(ast.parse(text)) or "").endswith("."), path.name


@pytest.mark.timeout(scaled(60))
def test_one_is_a_program_for_any_python(tmp_path: Path) -> None:
    with Program(str(FIGURES[0]), directory=tmp_path) as program:
        assert program.wait(deadline_s=50) == 0, program.errors
        assert program.errors == ""
    assert pixels(tmp_path / f"{FIGURES[0].stem}.png").shape == (600, 800, 3)


@each(NAMES)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_cut_off_at_the_border(figure: Figure, kind: str, tmp_path: Path) -> None:
    picture = figure.picture(kind, tmp_path)
    inked = picture.min(axis=2) < 250
    assert 0.02 < inked.mean() < 0.9
    inked[_FRAME:-_FRAME, _FRAME:-_FRAME] = False
    assert not inked.any(), f"{inked.sum()} pixels of the border are drawn upon"


@each(set(NAMES) - OF_VIEWS)
@pytest.mark.parametrize("kind", KINDS)
def test_everything_beside_the_scene_can_be_read(figure: Figure, kind: str, tmp_path: Path) -> None:
    """No text is cut off, covered, faint or made smaller, and nothing of the scene is behind a legend."""
    size, dots = SIZES[kind]
    composition, picture = figure.view.composition(size=size, dpi=dots), figure.picture(kind, tmp_path)
    assert faults(composition, picture.astype(np.uint8)) == []
    assert (composition.remarks, composition.shrunk) == ((), 1.0)
    drawn = picture.min(axis=2) < 250
    for one in composition.items:
        left, top, right, bottom = one.box
        drawn[top:bottom, left:right] = False
        if one.kind == "scale bar":
            drawn[bottom : bottom + 14 * dots // 72] = False  # the bar stands below its number
    left, top, right, bottom = composition.scene
    drawn[max(0, top - 1) : bottom + 1, max(0, left - 1) : right + 1] = False
    assert drawn.sum() == 0


@each(OF_VIEWS)
@pytest.mark.parametrize("kind", KINDS)
def test_views_labels_and_legends_of_a_figure_stand_beside_each_other(
    figure: Figure, kind: str, tmp_path: Path
) -> None:
    size, dots = SIZES[kind]
    made, picture = figure.whole.composition(size=size, dpi=dots), figure.picture(kind, tmp_path)
    places = [*made.views.values(), *made.labels.values(), *made.legends.values()]
    assert len(made.labels) == len(made.views) and len(made.legends) == figure.name.startswith("14")
    for one in places:
        assert 0 <= one.left < one.left + one.width <= size[0] and 0 <= one.top < one.top + one.height <= size[1]
        assert picture[one.top : one.top + one.height, one.left : one.left + one.width].min() < 100, "it is drawn"
    for one, other in itertools.combinations(places, 2):
        beside = one.left + one.width <= other.left or other.left + other.width <= one.left
        assert beside or one.top + one.height <= other.top or other.top + other.height <= one.top, (one, other)
    for name, numbers in made.numbers.items():
        colors = np.asarray(figure.session.color_maps[name].points()).reshape(-1, 4)
        assert len(numbers) >= 3
        for value, (x, y) in numbers:
            wanted = [255 * np.interp(value, colors[:, 0], colors[:, at]) for at in (1, 2, 3)]
            assert np.abs(picture[y, x] - wanted).max() <= 4, value


@each(NAMES)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_covers_anything_and_letters_contrast(figure: Figure, kind: str, tmp_path: Path) -> None:
    """Of views: those in a layout, and charts, have tests of their own."""
    if figure.whole is not figure.view or not hasattr(figure.view, "composition"):
        return
    (size, dpi), picture = SIZES[kind], figure.picture(kind, tmp_path)
    assert faults(figure.view.composition(size=size, dpi=dpi), picture.astype(np.uint8)) == []


@each(UNLIT | LIT)
@pytest.mark.parametrize("kind", KINDS)
def test_colors_are_those_of_the_legend_for_the_values(figure: Figure, kind: str, tmp_path: Path) -> None:
    size, dots = SIZES[kind]
    composition, picture = figure.view.composition(size=size, dpi=dots), figure.picture(kind, tmp_path)
    (box,) = [one.box for one in composition.items if one.kind == "legend"]
    legend = Legend(picture[:, box[0] : box[2]], figure)
    assert np.abs(legend.bar - legend.colors(legend.values()))[2:-2].max() <= 3, "the bar itself"
    seen, is_lit = 0, figure.name in LIT
    for x, y in places():
        column, row = (int(one) for one in composition.place_of(x + 0.5, y + 0.5))
        around = picture[row - 2 : row + 3, column - 2 : column + 3]
        if np.ptp(around, axis=(0, 1)).max() > (40 if is_lit else 12) or np.ptp(picture[row, column]) < 30:
            continue  # an edge, or a grey
        value = figure_value(figure, x, y)
        if value is not None and legend.low <= value <= legend.high:
            legend.agrees(picture[row, column], value, is_lit, NEAR.get(figure.name, 0.03))
            seen += 1
        if seen == ENOUGH:
            break
    assert seen == ENOUGH


OWN: Final = {"09_log": (0.8, 0.8, 0.8), "10_nan": (0.7, 0.7, 0.7)}
"""Colors of what the bar has none for: zeros on a logarithmic scale, and what is no number."""


@each(OWN)
@pytest.mark.parametrize("kind", KINDS)
def test_what_the_bar_has_no_color_for_has_its_own(figure: Figure, kind: str, tmp_path: Path) -> None:
    size, dots = SIZES[kind]
    composition, picture = figure.view.composition(size=size, dpi=dots), figure.picture(kind, tmp_path)
    wanted, seen = np.round(255 * np.asarray(OWN[figure.name])), 0
    for x, y in places():
        column, row = (int(one) for one in composition.place_of(x + 0.5, y + 0.5))
        if np.abs(picture[row - 9 : row + 10, column - 9 : column + 10] - wanted).max() > 1:
            continue
        value = figure_value(figure, x, y)
        assert value is not None and (np.isnan(value) or value == 0)
        seen += 1
        if seen == ENOUGH:
            break
    assert seen == ENOUGH
    ((left, top, right, bottom),) = [one.box for one in composition.items if one.kind == "legend"]
    swatch = np.abs(picture[top:bottom, left:right] - wanted).max(axis=2) <= 1
    assert swatch.sum() > 20 * (dots / 72) ** 2, "and the legend shows it"


@each(["08_categories"])
@pytest.mark.parametrize("kind", KINDS)
def test_categories_have_the_colors_of_their_names(figure: Figure, kind: str, tmp_path: Path) -> None:
    size, dots = SIZES[kind]
    composition, picture = figure.view.composition(size=size, dpi=dots), figure.picture(kind, tmp_path)
    (item,) = [one for one in composition.items if one.kind == "legend"]
    colors = 255 * np.reshape(figure.shown.LookupTable.IndexedColors, (-1, 3))
    names = sorted(item.letters, key=lambda box: box[1])[-len(colors) :]  # below each other; the title is above
    left = item.box[0]
    for color, (_, top, right, bottom) in zip(colors, names, strict=True):
        beside = picture[(top + bottom) // 2, left:right]
        assert (np.abs(beside - color).max(axis=1) <= 2).sum() >= 8 * dots // 72, "a box beside its name"
    found = dict.fromkeys((1, 2, 3, 4), 0)
    for x, y in places():
        column, row = (int(one) for one in composition.place_of(x + 0.5, y + 0.5))
        around = picture[row - 2 : row + 3, column - 2 : column + 3]
        if np.ptp(around, axis=(0, 1)).max() > 12 or (picked := figure.view.pick(x, y)) is None:
            continue
        kind_of_soil = round(float(np.ravel(picked.cell_values["soil"])[0]))
        assert_near(picture[row, column], colors[kind_of_soil - 1 : kind_of_soil], is_lit=True)
        found[kind_of_soil] += 1
        if min(found.values()) == 3:
            break
    assert min(found.values()) == 3, found


def places() -> Iterator[tuple[int, int]]:
    """Yield places of a view, across and down, in an order that is always the same and has no other meaning."""
    grid = list(itertools.product(range(60, 600, 6), range(60, 540, 6)))
    for number in np.random.default_rng(1).permutation(len(grid)):
        yield grid[number]


def figure_value(figure: Figure, across: int, down: int) -> float | None:
    """Return the number at a pixel of the view, a vector's length; None where something else is."""
    picked = figure.view.pick(across, down)
    if picked is None or picked.source != figure.shown.source:
        return None
    return float(np.linalg.norm(picked.point_values[figure.shown.LookupTable.name]))


class Legend:
    """The bar of a legend, as it is found in a picture."""

    def __init__(self, picture: Pixels, figure: Figure) -> None:
        """Find the bar by the colors of its ends, in a picture of nothing but a legend."""
        of = figure.shown.LookupTable
        self.low, self.high = of.spanned()
        self.is_log = bool(of.UseLogScale)
        self.points = np.asarray(of.points()).reshape(-1, 4)
        ends = [self.colors(np.array([one]))[0] for one in (self.high, self.low)]
        first, last = (np.nonzero((np.abs(picture - one).max(axis=2) <= 6).sum(axis=1) >= 6)[0] for one in ends)
        rows = first.min(), last.max()
        columns = np.nonzero(np.abs(picture[rows[0] + 1] - ends[0]).max(axis=1) <= 8)[0]
        self.bar = picture[rows[0] : rows[1] + 1, int(np.median(columns))]

    def values(self) -> npt.NDArray[np.float64]:
        """Return the number that each row of the bar stands for, from the upper end."""
        share = 1 - (np.arange(len(self.bar)) + 0.5) / len(self.bar)
        if self.is_log:
            return np.asarray(self.low * (self.high / self.low) ** share)
        return np.asarray(self.low + share * (self.high - self.low))

    def colors(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the colors (0 to 255) that the color map says values have."""
        scale = np.log10 if self.is_log else np.asarray
        places = scale(self.points[:, 0])
        return 255 * np.column_stack([np.interp(scale(values), places, self.points[:, at]) for at in (1, 2, 3)])

    def agrees(self, pixel: Pixels, value: float, is_lit: bool, off: float) -> None:
        """Assert that a pixel has a color that the bar has near a number, `off` of its range away at most."""
        scale = np.log10 if self.is_log else np.asarray
        numbers = scale(self.values())
        near = self.bar[np.abs(numbers - scale(value)) <= off * abs(numbers[0] - numbers[-1])]
        assert_near(pixel, near, is_lit)


def assert_near(pixel: Pixels, near: Pixels, is_lit: bool) -> None:
    """Assert that a color is among some, up to what light does to it."""
    if is_lit:
        directions = near / np.linalg.norm(near, axis=1, keepdims=True)
        off = np.abs(directions - pixel / np.linalg.norm(pixel)).max(axis=1).min()
        assert off < 0.12, (pixel, near[len(near) // 2])
    else:
        off = np.abs(near - pixel).max(axis=1).min()
        assert off <= 6, (pixel, near[len(near) // 2])
