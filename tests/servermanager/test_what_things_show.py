"""What sessions, proxies, views, pictures, information and arrays show of themselves, at prompts and in notebooks."""

from __future__ import annotations

import io
import pydoc
import re

import numpy as np
from PIL import Image as PillowImage

from servermanager import SourceProxy, connect

from ..harness.apvtest import in_loop


def cells(html: str | None) -> list[list[str]]:
    """The cells of a table, by rows."""
    rows = re.findall(r"<tr>(.*?)</tr>", html or "")
    return [re.findall(r"<t[hd]>(.*?)</t[hd]>", row) for row in rows]


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


def _plain_help(one: object) -> str:
    return re.sub(r"(?m)^ {4}", "", pydoc.plain(pydoc.render_doc(one)))
