"""What sessions, proxies, views, pictures, information and arrays show of themselves, at prompts and in notebooks."""

from __future__ import annotations

import html as html_module
import io
import pydoc
import re

import numpy as np
from PIL import Image as PillowImage

from servermanager import Domain, Rows, SourceProxy, connect

from ..harness.apvtest import in_loop


def cells(html: str | None) -> list[list[str]]:
    """The cells of a table, by rows."""
    rows = re.findall(r"<tr>(.*?)</tr>", html or "")
    return [[html_module.unescape(cell) for cell in re.findall(r"<t[hd]>(.*?)</t[hd]>", row)] for row in rows]


class Printer:
    """What IPython hands to `_repr_pretty_`."""

    def __init__(self) -> None:
        self.said = ""

    def text(self, text: str) -> None:
        self.said += text


@in_loop
async def test_information_and_arrays() -> None:
    async with connect(backend="inproc") as session:
        wavelet = session.sources.Wavelet(WholeExtent=(0, 4, 0, 4, 0, 4))
        info = await wavelet.update_pipeline()
        low, high = info.array("RTData").ranges[0] or (0, 0)
        held = f"125 x 1 float, {low:g} to {high:g}"
        assert repr(info) == "<vtkImageData: 125 points, 64 cells; POINTS RTData>"
        assert repr(info.arrays[0]) == f"<POINTS RTData: {held}>"
        size = f"125 points, 64 cells, {info.memory_kib} KiB"
        assert cells(info._repr_html_()) == [["size", size], ["bounds", "0, 4, 0, 4, 0, 4"], ["POINTS RTData", held]]
        printer = Printer()
        info._repr_pretty_(printer, False)
        assert [line.split(maxsplit=1)[0] for line in printer.said.splitlines()] == [
            "vtkImageData", "size", "bounds", "POINTS",
        ]  # fmt: skip
        data = await wavelet.fetch()
        assert cells(data._repr_html_()) == [["points RTData", "125 x 1 float32"]]


@in_loop
async def test_proxies_show_their_properties_and_their_type() -> None:
    async with connect(backend="inproc") as session:
        assert repr(session.filters.Contour()) == "<Contour 1>"
        contour = session.filters.Contour(Input=session.sources.Wavelet(), Isosurfaces=[100.0, 1e5])
        await contour.definition()
        rows = {row[0]: row[1:] for row in cells(contour._repr_html_())}
        assert rows["Isosurfaces"] == ["[100.0, 100000.0]", "set", "The values."]
        assert rows["GenerateTriangles"][:2] == ["True", ""]
        assert contour.__doc__ == contour.help() and contour.help() in _plain_help(contour)
        assert "Isosurfaces: list of float; default [0.0]; in the range of ContourBy" in contour.help()
        factory = session.filters.Contour
        assert factory.help() == contour.help() and contour.help() in _plain_help(factory)
        assert str(factory.__signature__).startswith("(*, Input, ContourBy=[], Isosurfaces=[0.0]")
        view = session.views.RenderView
        assert "StillSamples: int; default 8; from 1 to 256" in _plain_help(view)
        assert SourceProxy.__doc__ == "A source, filter, reader or writer on the server."
        assert "&lt;b&gt;" in (session.sources.TextSource(Text="<b>")._repr_html_() or "")


@in_loop
async def test_views_show_the_picture_that_has_arrived_last() -> None:
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=(64, 48), Background=(1.0, 0.0, 0.0))
        assert view._repr_png_() is None and ["ViewSize", "[64, 48]", "set"] in [
            r[:3] for r in cells(view._repr_html_())
        ]
        for format in ("png", "lz4", "jpeg"):
            image = await view.screenshot(format=format)
            assert repr(image).endswith(": 64 x 48, {}, {}>".format(format, "exact" if image.still else "quality 95"))
            for shown in (image._repr_png_(), view._repr_png_()):
                assert shown is not None
                with PillowImage.open(io.BytesIO(shown)) as decoded:
                    assert decoded.format == "PNG" and np.array_equal(np.asarray(decoded), image.pixels)
        assert view._repr_html_() is None


@in_loop
async def test_a_session_tells_what_it_has() -> None:
    async with connect(backend="inproc") as session:
        wavelet = session.sources.Wavelet()
        session.views.RenderView(ViewSize=(64, 48))
        await wavelet.update_pipeline()
        rows = cells(session._repr_html_())
        assert rows[0] == ["server", "connected", "inproc, built in"] and ["Wavelet1", "unmodified"] in [
            r[:2] for r in rows
        ]
        assert any(row[0].startswith("RenderView") for row in rows)
        assert re.fullmatch(r"<Session \d+: inproc, built in>", repr(session))


@in_loop
async def test_what_a_session_keeps_by_name_are_tables() -> None:
    async with connect(backend="inproc") as session:
        view = session.views.RenderView(ViewSize=(64, 48))
        wavelet = session.sources.Wavelet()
        contour = session.filters.Contour(Input=wavelet, ContourBy=("POINTS", "RTData"), Isosurfaces=[157.0])
        session.show(contour, view)
        await view.ready()
        await wavelet.update_pipeline()
        await contour.update_pipeline()
        assert cells(session.proxies._repr_html_()) == [
            ["name", "type", "state"],
            ["Wavelet1", "Wavelet", "unmodified"],
            ["\N{EM SPACE}Contour1", "Contour", "unmodified"],
        ]
        layout = session.layouts.create("<both>")
        layout.assign(view, 0)
        assert cells(session.layouts._repr_html_()) == [["<both>", repr(view)]]
        colors = session.color_maps["<b>"]
        assert cells(session.color_maps._repr_html_())[-1] == ["<b>", repr(colors)]
        session.undo.undo()
        assert cells(session.undo._repr_html_())[-1] == ["can be done again", session.undo.undone_labels[-1]]
        found = await view.pick(32, 34)
        assert found is not None
        rows = dict(row[:2] for row in cells(found._repr_html_()))
        assert rows["point RTData"] == "157.0" and rows["point"] == str(found.point)
        (selected,) = await view.select_points(0, 0, 63, 47)
        assert ["how many", str(len(selected))] in cells(selected._repr_html_()) and len(selected) > 10


@in_loop
async def test_rows_are_a_table_with_all_digits() -> None:
    async with connect(backend="inproc") as session:
        sphere = session.sources.SphereSource()
        (page,) = [one async for one in session.rows(sphere, rows_per_page=50)]
        assert repr(page) == f"<Rows: 0 to 49 of 50; {', '.join(page.columns)}>"
        head, *rows = cells(page._repr_html_())
        assert head == ["row", *page.columns] and len(rows) == 21
        normals = page.columns["Normals"]
        for at, row in enumerate(rows[:20]):
            shown = np.array(row[1 + list(page.columns).index("Normals")].split(", "), normals.dtype)
            assert row[0] == str(at) and np.array_equal(shown, normals[at])
        assert rows[20] == ["...", "30 more of this page"]
    names = np.array(["<b>", "two"], object)
    few = Rows(5, 7, {"name": names, "id": np.array([2**53 + 1, 3])})
    assert cells(few._repr_html_()) == [["row", "name", "id"], ["5", "<b>", "9007199254740993"], ["6", "two", "3"]]
    assert "5 to 6 of 7" in few._repr_html_()
    many = Rows(0, 1, {f"c{at}": np.array([at]) for at in range(30)})
    assert cells(many._repr_html_())[1] == ["0", *map(str, range(20)), "..."]
    assert "10 more columns" in many._repr_html_()
    assert repr(Rows(0, 0, {})) == "<Rows: none of 0; no columns>" and "none of 0" in Rows(0, 0, {})._repr_html_()


@in_loop
async def test_domains_are_tables() -> None:
    async with connect(backend="inproc") as session:
        contour = session.filters.Contour(Input=session.sources.Wavelet())
        assert cells(contour.domain("Isosurfaces")._repr_html_())[0][0] == "why"
        await contour.update_domains()
        arrays, levels = contour.domain("ContourBy"), contour.domain("Isosurfaces")
        assert cells(arrays._repr_html_()) == [["default", "['POINTS', 'RTData']"], ["entries", "POINTS RTData"]]
        low, high = levels.range
        assert cells(levels._repr_html_()) == [["range", f"from {low} to {high}"], ["default", str(levels.default)]]
    boxes = Domain(True, kind="bounds", range=[(0.0, 1.0), (2, None)], entries=tuple(map(str, range(50))))
    shown = cells(boxes._repr_html_())
    assert shown[:3] == [["range", "from 0.0 to 1.0; from 2"], ["entries", "0"], ["", "1"]]
    assert (shown[-1], len(shown)) == (["", "... 10 more"], 42)
    assert cells(Domain(True, kind="<i>", range=(None, None))._repr_html_()) == []
    assert "domain: &lt;i&gt;" in Domain(True, kind="<i>")._repr_html_()


def _plain_help(one: object) -> str:
    return re.sub(r"(?m)^ {4}", "", pydoc.plain(pydoc.render_doc(one)))
