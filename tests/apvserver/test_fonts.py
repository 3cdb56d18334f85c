"""Letters of texts: every character is drawn, as itself or as a box that somebody is told of; formulas are formulas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import matplotlib
import numpy as np
import pytest
from vtkmodules.vtkRenderingCore import vtkTextProperty

from apvserver.vtk.base.errors import InvalidProperty
from apvserver.vtk.rendering.fonts import formulas
from apvserver.vtk.rendering.fonts.noted import MOST_TOLD, gathered, told
from apvserver.vtk.rendering.fonts.rasters import Mask, raster
from apvserver.vtk.rendering.fonts.spelling import BOX, Typeface, spell, spell_all
from apvserver.vtk.rendering.legends.texts import Font, line_of, wrapped
from apvserver.vtk.rendering.overlays.texts import outline
from apvserver.vtk.rendering.render_view import RenderView
from async_paraview.scene.text import TEXT

FONTS: Final = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
COMPUTER_MODERN: Final = str(FONTS / "cmr10.ttf")
"""A font of matplotlib's that has Latin letters and no Greek ones."""
CHARACTERS: Final = "aµ°²é∆σαΩβθλπφω₀₁₂≈→←∞±×·√∂∇≤≥≠⁻³⁵ₓ"
FAMILIES: Final = ("Arial", "Courier", "Times")


def written(words: str, **looks: Any) -> tuple[Mask, list[str], Typeface]:
    """Words as they are drawn, what is said of them, and in which font they are."""
    look = vtkTextProperty()
    look.SetFontSize(24)
    Typeface(**{"family": "Arial", **looks}).give(look)
    with gathered() as remarks:
        spelled = spell(look, words)
    return raster(look, spelled, 72), list(remarks), Typeface.of(look)


def same(one: Mask, other: Mask) -> bool:
    return one.shape == other.shape and bool((one == other).all())


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("italic", [False, True])
def test_each_character_of_science_is_drawn_as_itself(family: str, bold: bool, italic: bool) -> None:
    box, _, _ = written(BOX, family=family, bold=bold, italic=italic)
    seen: list[Mask] = []
    for character in CHARACTERS:
        mask, remarks, _ = written(character, family=family, bold=bold, italic=italic)
        assert mask.max() > 128 and not same(mask, box) and not remarks, character
        assert not any(same(mask, other) for other in seen), character
        seen.append(mask)


@pytest.mark.parametrize(
    ("looks", "file"),
    [
        ({}, "DejaVuSans.ttf"),
        ({"bold": True, "italic": True}, "DejaVuSans-BoldOblique.ttf"),
        ({"family": "Courier", "italic": True}, "DejaVuSansMono-Oblique.ttf"),
        ({"family": "Times"}, "DejaVuSerif.ttf"),
        ({"family": "Times", "italic": True}, "DejaVuSerif-Italic.ttf"),
    ],
)
def test_what_a_family_lacks_has_the_font_that_is_nearest_to_it(looks: dict[str, Any], file: str) -> None:
    assert Path(written("σ", **looks)[2].file) == FONTS / file
    assert written("plain text, µm²", **looks)[2].file == ""


def test_what_no_font_has_is_a_box_and_told_once() -> None:
    mask, remarks, _ = written("中a中")
    assert remarks == ["no font here has U+4E2D 中: the text '中a中' has boxes in the place of them"]
    assert same(mask, written(f"{BOX}a{BOX}")[0])
    assert "U+1F600 😀, U+4E2D 中" in written("😀 中", family="Times")[1][0]
    assert written("a\u200bb c\u00a0d\te\ufe0f\u00ad")[1] == []  # of which nothing is to be seen


def test_letters_with_marks_are_letters() -> None:
    assert same(written("e\N{COMBINING ACUTE ACCENT}")[0], written("é")[0])


def test_files_are_drawn_in_and_what_they_lack_is_told() -> None:
    mask, remarks, typeface = written("abc", family="File", file=COMPUTER_MODERN)
    assert not same(mask, written("abc")[0]) and remarks == [] and typeface.name == "cmr10"
    mask, remarks, typeface = written("abc σ", family="File", file=COMPUTER_MODERN)
    assert typeface.name == "DejaVuSans" and same(mask, written("abc σ")[0])
    assert remarks == ["the text 'abc σ' is drawn in DejaVuSans: cmr10 lacks U+03C3 σ"]
    mask, remarks, _ = written("x 中", family="File", file=COMPUTER_MODERN)
    assert "no font here has U+4E2D" in remarks[0] and same(mask, written("x 中")[0])


def test_texts_that_share_a_property_share_a_font() -> None:
    look = vtkTextProperty()
    look.SetFontSize(12)
    assert spell_all(look, ["abc", "$x$", "5 $"]) == ["abc", "$x$", r"5 \$"]
    assert Typeface.of(look).name == "Arial"
    assert spell_all(look, ["abc", "σ"]) == ["abc", "σ"] and Typeface.of(look).name == "DejaVuSans"


# --- formulas


def test_formulas_are_drawn_as_such() -> None:
    typed, _, _ = written(r"\$\sigma_0\$")
    mask, remarks, _ = written(r"$\sigma_0$")
    assert mask.any() and mask.shape[1] < typed.shape[1] / 3 and remarks == []
    power, plain = written("$10^{5}$ Pa")[0], written("$105$ Pa")[0]
    assert power.shape[0] > plain.shape[0] and power.shape[1] < plain.shape[1]  # small and above the line
    assert written(r"$\frac{a}{b}$")[0].shape[0] > 1.4 * written("$a$")[0].shape[0]
    assert written("a $x$\nb $y$")[0].shape[0] > 1.8 * written("a $x$")[0].shape[0]


def test_bars_begin_no_columns() -> None:
    assert formulas.for_vtk("a | $|x|$ | $\\|y\\|$") == r"a $\vert$ $\vert x\vert $ $\vert$ $\Vert y\Vert $"
    one, two = written("$|x|$")[0], written(r"$\vert x\vert$")[0]
    assert same(one, two) and one.shape[0] >= 20


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (r"$\frac{1}$", r"Expected \frac{num}{den}"),
        (r"$\nosuch$", r"Unknown symbol: \nosuch"),
        ("$x_0_1$", "Double subscript"),
        (r"$\input{/etc/passwd}$", r"Unknown symbol: \input"),
        ("$" + "{" * 300 + "x" + "}" * 300 + "$", "20 braces within each other, and these 300"),
        ("$" + "x" * 2000 + "$", "at most 1000 characters in a line, and these 2002"),
        ("$" + r"\qquad" * 150 + "$", "points wide and high, and these"),
    ],
)
def test_what_is_no_formula_is_drawn_as_it_was_typed_and_why_is_told(words: str, why: str) -> None:
    mask, remarks, _ = written(words)
    assert same(mask, written(words.replace("$", r"\$"))[0]) and mask.any()
    assert len(remarks) == 1 and "is drawn as it was typed" in remarks[0] and why in remarks[0]


@pytest.mark.parametrize("words", ["costs $5", r"\$5 and \$6", "a $ b $ c $", "$a\nb$"])
def test_dollars_that_enclose_nothing_are_dollars(words: str) -> None:
    mask, remarks, _ = written(words)
    dollar = written(r"\$")[0]
    without = written(words.replace("\\", "").replace("$", ""))[0]
    assert remarks == [] and mask.shape[1] >= without.shape[1] + dollar.shape[1] // 2


def test_a_formula_is_not_broken_into_lines() -> None:
    font = Font(14, "Arial", False, False)
    words = r"long title of $\sigma + \frac{a}{b} + c$ here"
    lines = wrapped(words, font, 10)
    assert lines == ["long", "title", "of", r"$\sigma + \frac{a}{b} + c$", "here"]


def test_lines_of_legends_say_each_time_what_is_to_be_said() -> None:
    font = Font(14, "Arial", False, False, file="")
    for _ in range(2):
        with gathered() as remarks:
            line_of("中", font)
        assert len(remarks) == 1 and "U+4E2D" in next(iter(remarks))


def test_of_many_remarks_the_first_are_told() -> None:
    assert told([str(number) for number in range(MOST_TOLD)]) == tuple(map(str, range(MOST_TOLD)))
    assert told(["a"] * (MOST_TOLD + 3))[-1] == "3 more remarks"


# --- in views


@pytest.fixture
def view() -> Iterator[RenderView]:
    made = RenderView({"ViewSize": (400, 300), "Background": (1, 1, 1), "UseFXAA": False})
    yield made
    made.close()


def text(words: str, **properties: Any) -> dict[str, Any]:
    return {**{one.name: one.initial for one in TEXT}, "Text": words, **properties}


def ink(view: RenderView, *texts: dict[str, Any]) -> Any:
    """Where a view is dark, with these texts: the rows from below and the columns."""
    view.set_properties({"Texts": texts})
    return np.argwhere(view.render().pixels[::-1].max(2) < 128)


def test_a_view_tells_of_its_texts_in_each_picture(view: RenderView) -> None:
    view.set_properties({"Texts": (text("中"), text(r"$\frac{1}$"), text("σ"))})
    for _ in range(2):
        remarks = view.render().remarks
        assert len(remarks) == 2 and "U+4E2D" in remarks[0] and "as it was typed" in remarks[1]
    assert view.capture().remarks == remarks
    view.set_properties({"Texts": (text("σ"),)})
    assert view.render().remarks == ()


@pytest.mark.parametrize("angle", [0, 30, 90, 180, 250, -45])
@pytest.mark.parametrize(("across", "up"), [("Left", "Bottom"), ("Center", "Center"), ("Right", "Top")])
def test_texts_are_turned_about_their_place(view: RenderView, angle: float, across: str, up: str) -> None:
    one = text(
        "turned $x$", WindowLocation="Any Location", Position=(0.5, 0.5), FontSize=24, Orientation=float(angle),
        Justification=across, VerticalJustification=up,
    )  # fmt: skip
    found = ink(view, one)
    corners = np.array(outline(one["Text"], one, (400, 300), 1.0))
    turn = np.radians(angle)
    along, away = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    for axis in (along, away):  # what is dark fills the box that the layout knows, and nothing else
        low, high = (corners @ axis).min(), (corners @ axis).max()
        dark = (found[:, ::-1] + 0.5) @ axis
        assert low - 2.5 <= dark.min() and dark.max() <= high + 2.5
    assert np.ptp((found[:, ::-1]) @ along) > 0.9 * np.ptp(corners @ along)
    sides = {"Left": 0, "Bottom": 0, "Center": 0.5, "Right": 1, "Top": 1}
    for axis, side in ((along, sides[across]), (away, sides[up])):
        reach = corners @ axis
        assert np.array([200, 150]) @ axis == pytest.approx(reach.min() + side * np.ptp(reach), abs=2)


def test_a_box_is_where_the_layout_has_it_and_ink_follows_it(view: RenderView) -> None:
    one = text(
        "M", WindowLocation="Any Location", Position=(0.3, 0.4), FontSize=24, ShowBorder="Always", Padding=10,
        BackgroundColor=(0.0, 0.0, 0.5, 1.0),
    )  # fmt: skip
    view.set_properties({"Texts": (one,)})
    pixels = view.render().pixels[::-1].astype(int)
    blue = np.argwhere((pixels[:, :, 2] > 100) & (pixels[:, :, 0] < 20))
    corners = np.array(outline("M", one, (400, 300), 1.0))
    assert blue[:, 1].min() == pytest.approx(corners[:, 0].min(), abs=1.5)
    assert blue[:, 1].max() + 1 == pytest.approx(corners[:, 0].max(), abs=1.5)
    assert blue[:, 0].max() + 1 == pytest.approx(corners[:, 1].max(), abs=1.5)
    within = pixels[blue[:, 0].min() : blue[:, 0].max(), blue[:, 1].min() : blue[:, 1].max()]
    assert (within.min(2) > 200).sum() > 20  # letters are white on it, on a white page
    view.set_properties({"Texts": ({**one, "CornerRadius": 1.0},)})
    rounded = view.render().pixels[::-1].astype(int)
    left, low = (round(side) for side in corners.min(0))
    assert pixels[low + 1, left + 1, 0] < 20 and rounded[low + 1, left + 1, 0] == 255  # the corner is cut off
    view.set_properties({"Texts": ({**one, "BorderThickness": 3.0, "BorderColor": (1.0, 0.0, 0.0)},)})
    assert (view.render().pixels[::-1][low + 10, left - 1 : left + 2] == (255, 0, 0)).all(1).any()
    view.set_properties({"Texts": ({**one, "ShowBorder": "Only on hover"},)})
    assert not (view.render().pixels[:, :, 2].astype(int) - view.render().pixels[:, :, 0] > 50).any()


def test_what_is_no_font_is_refused_wherever_it_is_named(view: RenderView, tmp_path: Path) -> None:
    other = tmp_path / "font.ttf"
    other.write_bytes(b"no font")
    before = view.properties
    for changes in (
        {"Texts": (text("a", FontFamily="File", FontFile=str(other)),)},
        {"ScalarBars": {"a": {"TitleFontFile": str(other)}}},
        {"AxesGrid": {"XTitleFontFile": str(other)}},
    ):
        with pytest.raises(InvalidProperty, match="no font that can be read"):
            view.set_properties(changes)
        with pytest.raises(InvalidProperty, match="no font that can be read"):
            RenderView.check_properties(changes)
    with pytest.raises(InvalidProperty, match=r"none.ttf: no font that can be read: No such file"):
        view.set_properties({"AxesGrid": {"YLabelFontFile": str(tmp_path / "none.ttf")}})
    assert view.properties == before
    view.set_properties({"Texts": (text("a", FontFamily="File", FontFile=COMPUTER_MODERN, FontSize=60),)})
    inks = ink(view, text("a", FontFamily="File", FontFile=COMPUTER_MODERN, FontSize=60))
    assert len(inks) and not np.array_equal(inks, ink(view, text("a", FontSize=60)))
