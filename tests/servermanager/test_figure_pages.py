"""Figures as pages: texts as texts at their places, and what is drawn compared with pictures, by other programs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

import numpy as np
import pytest

from servermanager import RemoteError, Session, connect
from servermanager.exports.composed_pages import Placed, composed
from servermanager.exports.drawn_pages import Letters, Shape, read_page
from servermanager.layouts.layout import LayoutProxy

from ..harness.apvtest import BACKENDS, in_loop
from ..harness.page_pictures import block_differences, picture_of, words_of
from .test_chart_vectors import SVG
from .test_figures import make_figure

BLOCK: Final = 10
PAGE: Final = (
    b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="20pt" height="10pt">'
    b'<defs><clipPath id="cut"><rect x="0" y="0" width="5" height="5"/></clipPath>'
    b'<symbol id="dot"><circle cx="0" cy="0" r="1"/></symbol></defs>'
    b'<rect x="0" y="0" width="20" height="10" fill="#ff0000" clip-path="url(#cut)"/>'
    b'<use xlink:href="#dot" x="2" y="3" width="1" height="1"/></svg>'
)


async def figure_of(session: Session) -> LayoutProxy:
    figure = await make_figure(session)
    for view in figure.views:
        view.update(Background=[1, 1, 1])
    figure.scalar_bar("RTData").update(Visibility=True, Title="Pressure")
    return figure


@pytest.mark.parametrize("backend", BACKENDS)
@in_loop
async def test_a_page_has_what_a_picture_of_the_figure_has(backend: str, tmp_path: Path) -> None:
    async with connect(backend=backend) as session:
        figure = await figure_of(session)
        wanted = (await figure.screenshot()).pixels.astype(int)
        made = await figure.composition()
        for suffix in (".svg", ".pdf", ".eps"):
            await figure.export(tmp_path / f"figure{suffix}", dpi=144)
    root = ElementTree.parse(tmp_path / "figure.svg").getroot()
    assert (root.get("width"), root.get("height")) == ("420pt", "320pt")
    names = [one.get("id") for one in root.iter() if one.get("id") is not None]
    assert len(set(names)) == len(names)
    page = read_page((tmp_path / "figure.svg").read_bytes())
    texts = {one.what.text: one.what for one in page.drawn if isinstance(one.what, Letters)}
    assert {"Two views", "(a)", "(b)", "(c)", "Pressure", "RTData", "150", "200"} <= set(texts)
    order = sorted(made.labels, key=lambda at: (made.labels[at].top, made.labels[at].left))
    for text, at in zip(("(a)", "(b)", "(c)"), order, strict=True):
        place, (x, y) = made.labels[at], texts[text].at
        assert abs(x - place.left) <= 1.5 and place.top < y <= place.top + place.height
        assert texts[text].size == figure.LabelFontSize
    for suffix in (".pdf", ".eps"):
        words = " ".join(words_of(tmp_path / f"figure{suffix}"))
        assert all(one in words for one in ("Two views", "(a)", "(c)", "Pressure", "150")), (suffix, words)
        drawn = picture_of(tmp_path / f"figure{suffix}", 72)
        assert drawn.shape == wanted.shape
        differences = block_differences(wanted, drawn, BLOCK)
        assert differences.mean() < 3.0 and np.percentile(differences, 99) < 80.0, suffix


@in_loop
async def test_scenes_may_be_vectors_and_the_paper_that_of_a_palette(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        figure = await figure_of(session)  # of its slice nothing is seen: the camera looks along it
        figure.SeparatorColor = [0.1, 0.1, 0.2]
        for view in figure.views:
            view.update(Background=[0.2, 0.2, 0.4])
        wanted = (await figure.screenshot(palette="print")).pixels.astype(int)
        await figure.export(tmp_path / "figure.pdf", scene="vector", palette="print")
        await figure.export(tmp_path / "figure.svg", scene="vector", palette="print")
        with pytest.raises(ValueError, match="prnt"):
            await figure.export(tmp_path / "no.svg", palette="prnt")
    page = read_page((tmp_path / "figure.svg").read_bytes())
    assert sum(isinstance(one.what, Shape) for one in page.drawn) > 200
    differences = block_differences(wanted, picture_of(tmp_path / "figure.pdf", 72), BLOCK)
    assert differences.mean() < 4.0 and np.percentile(differences, 99) < 80.0


@in_loop
async def test_labels_in_front_of_views_and_formulas_are_on_pages(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        figure = session.figure(
            1, 2, size=(200, 100), LabelFormat="A", Title="$a_0$", LabelLocation="Upper Left Corner"
        )
        for column, background in enumerate(([0, 0, 0], [1, 1, 1])):
            figure[0, column] = session.views.RenderView(Background=background)
        await figure.export(tmp_path / "figure.svg")
        await figure.export(tmp_path / "figure.eps")
        page, made = read_page((tmp_path / "figure.svg").read_bytes()), await figure.composition()
        inks = {one.what.text: one.what.ink.color for one in page.drawn if isinstance(one.what, Letters)}
        assert inks == {"A": (1.0, 1.0, 1.0), "B": (0.0, 0.0, 0.0)}
        drawn = picture_of(tmp_path / "figure.eps", 144)
        assert made.title is not None
        left, top, width, height = (2 * one for one in made.title)
        assert (drawn[top : top + height, left : left + width].max(axis=2) < 100).sum() > 20


@in_loop
async def test_what_is_no_page_is_refused(tmp_path: Path) -> None:
    async with connect(backend="inproc") as session:
        figure = await figure_of(session)
        for name in ("figure.gltf", "figure", "figure.html"):
            with pytest.raises(ValueError, match=r"exported to files \.svg, \.pdf, \.eps, not to"):
                await figure.export(tmp_path / name)
        with pytest.raises(ValueError, match="way to draw a scene"):
            await figure.export(tmp_path / "figure.svg", scene="vectors")
        with pytest.raises(RemoteError, match="dots per inch"):
            await figure.export(tmp_path / "figure.svg", dpi=1)
        assert os.listdir(tmp_path) == []


def test_pages_on_one_keep_what_is_cut_and_used_apart() -> None:
    written = composed((60.0, 30.0), (0.5, 0.5, 0.5), [Placed(PAGE, 10, 5), Placed(PAGE, 32.5, 12)])
    root = ElementTree.fromstring(written)
    assert len(list(root.iter(f"{SVG}symbol"))) == 2
    page = read_page(written)
    assert page.size == (60.0, 30.0)
    shapes = [(one.what, one.within) for one in page.drawn if isinstance(one.what, Shape)]
    assert [within for _, within in shapes[1::2]] == [(10.0, 5.0, 15.0, 10.0), (32.5, 12.0, 37.5, 17.0)]
    middles = [(one.points.min(axis=0) + one.points.max(axis=0)) / 2 for one, _ in shapes[2::2]]
    np.testing.assert_allclose(middles, [(12, 8), (34.5, 15)], atol=1e-6)
