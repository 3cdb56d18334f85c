"""How figures are arranged: rows and columns as cells, and where everything stands. Plain values, no server."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from async_paraview.scene.layouts import LAYOUT
from servermanager.layouts.cells import CellTree, Place, Split
from servermanager.layouts.composition import Arranging, Lettered, Measured, label, side_of
from servermanager.layouts.grid import Grid, Rectangle

THREE = Grid([1.0, 1.0, 1.0], [2.0, 1.0, 1.0, 1.0])


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ((0, 0), (0, 0, 1, 1)), ((-1, 2), (2, 2, 3, 3)), ((slice(None), 0), (0, 0, 3, 1)),
        ((slice(1, 3), slice(0, 2)), (1, 0, 3, 2)), ((0, slice(-2, None)), (0, 2, 1, 4)),
    ],
)  # fmt: skip
def test_places_are_told_as_in_arrays(key: Any, expected: tuple[int, ...]) -> None:
    assert THREE.meant(key) == expected


@pytest.mark.parametrize(
    ("key", "error", "why"),
    [
        ((3, 0), IndexError, "no row 3: a figure with 3 rows has 0 to 2"),
        ((0, -5), IndexError, "no column -5"),
        ((slice(2, 2), 0), IndexError, "rows 2 to 2 are none of 3"),
        ((slice(None, None, 2), 0), IndexError, "not every 2th"),
        (1, TypeError, "its row and its column"),
        ((True, 0), TypeError, "numbers or slices, not True"),
        (("a", 0), TypeError, "numbers or slices"),
    ],
)
def test_what_is_no_place_is_told(key: Any, error: type[Exception], why: str) -> None:
    with pytest.raises(error, match=why):
        THREE.meant(key)


@pytest.mark.parametrize(
    "views",
    [
        {}, {(0, 0, 1, 1): "a"}, {(0, 0, 3, 1): "left", (0, 1, 1, 4): "top", (2, 3, 3, 4): "last"},
        {(0, 0, 3, 4): "all"}, {(0, 0, 2, 2): "a", (0, 2, 2, 4): "b", (2, 0, 3, 4): "c"},
    ],
)  # fmt: skip
def test_cells_are_split_as_rows_and_columns_are(views: dict[tuple[int, ...], str]) -> None:
    wanted = {Rectangle(*one): view for one, view in views.items()}
    tree = THREE.tree(wanted)
    found = THREE.rectangles(CellTree.of(tree.listed()))
    assert found is not None
    assert {found[at]: view for at, view in tree.views.items()} == wanted
    covered = [
        (row, column)
        for one in found.values()
        for row, column in itertools.product(
            range(one.first_row, one.last_row), range(one.first_column, one.last_column)
        )
    ]
    assert sorted(covered) == list(itertools.product(range(3), range(4)))


def test_the_largest_figure_has_cells_for_all_its_places() -> None:
    grid = Grid([1.0] * 32, [1.0] * 32)
    found = grid.rectangles(grid.tree({}))
    assert found is not None and len(found) == 1024


def test_views_that_go_round_each_other_are_refused() -> None:
    round_the_middle = [(0, 0, 1, 2), (0, 2, 2, 3), (2, 1, 3, 3), (1, 0, 3, 1), (1, 1, 2, 2)]
    grid = Grid([1.0] * 3, [1.0] * 3)
    with pytest.raises(ValueError, match="views that go round each other cannot be placed"):
        grid.tree({Rectangle(*one): one for one in round_the_middle})


def test_cells_that_were_split_elsewhere_are_no_rows_and_columns() -> None:
    assert Grid([1.0, 1.0], [1.0]).rectangles(CellTree({0: Split("Vertical", 0.25)})) is None


@pytest.mark.parametrize(("width", "gap"), [(600, 0), (601, 12), (233, 7), (2100, 35.5)])
def test_columns_of_one_size_have_one_size_whatever_is_between_them(width: int, gap: float) -> None:
    grid = Grid([1.0], [1.0] * 3)
    rectangles = grid.rectangles(grid.tree({}))
    assert rectangles is not None
    places = sorted(grid.places(rectangles, Place(5, 3, width, 40), gap).values())
    assert max(one.width for one in places) - min(one.width for one in places) <= 1
    assert places[0].left == 5 and places[-1].left + places[-1].width == 5 + width
    for one, after in itertools.pairwise(places):
        assert abs(after.left - one.left - one.width - gap) <= 1


def test_columns_are_as_wide_as_they_were_asked_for() -> None:
    rectangles = THREE.rectangles(THREE.tree({}))
    assert rectangles is not None
    places = THREE.places(rectangles, Place(0, 0, 530, 320), 10)
    assert {one.width for one in places.values()} == {200, 100} and {one.height for one in places.values()} == {100}


@pytest.mark.parametrize(
    ("form", "index", "expected"),
    [
        ("(a)", 0, "(a)"), ("(a)", 25, "(z)"), ("(a)", 26, "(aa)"), ("A.", 1, "B."), ("Fig. 1", 9, "Fig. 10"),
        ("i", 3, "iv"), ("I)", 8, "IX)"), ("Panel a", 2, "Panel c"),
    ],
)  # fmt: skip
def test_labels_count_as_their_form_says(form: str, index: int, expected: str) -> None:
    assert label(LAYOUT.by_name["LabelFormat"].check(form), index) == expected


@pytest.mark.parametrize("form", ["abc", "(a) (b) a", "-", "a1 a 1"])
def test_forms_that_do_not_count_are_refused(form: str) -> None:
    with pytest.raises(ValueError, match="a form of labels"):
        LAYOUT.by_name["LabelFormat"].check(form)


def arranging(scale: float = 1.0, legends: dict[str, Any] | None = None, **given: Any) -> Arranging:
    get = {one.name: one.default for one in LAYOUT} | given
    grid = Grid([1.0], [1.0, 1.0])
    rectangles = grid.rectangles(grid.tree({}))
    assert rectangles is not None
    return Arranging(get, legends or {}, scale, lambda area, gap, _: grid.places(rectangles, area, gap))


def test_nothing_stands_where_something_else_does() -> None:
    legends = {
        "right": {}, "left": {"WindowLocation": "Upper Left Corner"}, "below": {"Orientation": "Horizontal"},
        "above": {"Orientation": "Horizontal", "WindowLocation": "Upper Right Corner"},
    }  # fmt: skip
    assert [side_of(one) for one in legends.values()] == ["right", "left", "bottom", "top"]
    of = arranging(legends=legends, SeparatorWidth=8, MarginWidth=5, Title="t", LabelFormat="(a)")
    measured = Measured(
        Lettered(90, 20),
        {1: Lettered(18, 14), 2: Lettered(19, 15)},
        {name: Lettered(60, 200) if side_of(one) in ("left", "right") else Lettered(200, 50)
         for name, one in legends.items()},
    )  # fmt: skip
    made = of.composed((700, 500), measured)
    everything = [made.title, *made.views.values(), *made.labels.values(), *made.legends.values()]
    boxes = [one for one in everything if one is not None]
    assert len(boxes) == 9
    for one, other in itertools.combinations(boxes, 2):
        across = one.left < other.left + other.width and other.left < one.left + one.width
        down = one.top < other.top + other.height and other.top < one.top + one.height
        assert not (across and down), (one, other)
    for one in boxes:
        assert one.left >= 5 and one.top >= 5 and one.left + one.width <= 695 and one.top + one.height <= 495
    assert {one.height for one in made.views.values()} == {made.views[1].height}
    assert made.labels[1].left == made.views[1].left and made.labels[2].top == made.labels[1].top


def test_what_has_no_room_is_told() -> None:
    of = arranging(legends={"RTData": {}}, Title="t", LabelFormat="(a)")
    wide = Measured(Lettered(301, 20), {}, {})
    with pytest.raises(ValueError, match="the title is 301 pixels wide, and the picture 300"):
        of.composed((300, 200), wide)
    with pytest.raises(ValueError, match="the legend of 'RTData' needs 60 x 201 pixels of 300 x 200"):
        of.composed((300, 200), Measured(None, {}, {"RTData": Lettered(60, 201)}))
    with pytest.raises(ValueError, match="the view in cell 2 would have 20 x 200 pixels, and needs 24"):
        of.composed((110, 200), Measured(None, {}, {"RTData": Lettered(60, 100)}))
    with pytest.raises(ValueError, match="the label of cell 2 is wider than its view: 151"):
        of.composed((300, 200), Measured(None, {1: Lettered(10, 10), 2: Lettered(151, 10)}, {}))
    with pytest.raises(ValueError, match="60 x 20 pixels are too few for what stands beside the views"):
        of.composed((60, 20), Measured(None, {}, {"RTData": Lettered(60, 20)}))


@pytest.mark.parametrize("scale", [1.0, 300 / 72, 2.0])
def test_more_pixels_to_a_point_make_the_same_composition(scale: float) -> None:
    def made(by: float) -> list[Place]:
        of = arranging(by, {"RTData": {}}, SeparatorWidth=12, MarginWidth=6, Title="t", LabelFormat="(a)")
        measured = Measured(
            Lettered(round(90 * by), round(20 * by)),
            {at: Lettered(round(18 * by), round(14 * by)) for at in (1, 2)},
            {"RTData": Lettered(round(80 * by), round(150 * by))},
        )
        found = of.composed((round(500 * by), round(300 * by)), measured)
        assert found.title is not None
        return [found.title, *found.views.values(), *found.labels.values(), *found.legends.values()]

    for one, more in zip(made(1.0), made(scale), strict=True):
        assert [value / scale for value in more] == pytest.approx(list(one), abs=2.0)
