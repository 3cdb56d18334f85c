"""Cells of a notebook, run by a real kernel: what they show, await and raise, and what an interrupt leaves of them."""

from __future__ import annotations

import asyncio
import base64
import importlib.util
import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ..harness.apvtest import BACKENDS, poll_async
from ..harness.time_limits import scaled

WITHOUT = [name for name in ("ipykernel", "nbclient") if importlib.util.find_spec(name) is None]
pytestmark = [
    pytest.mark.skipif(bool(WITHOUT), reason=f"not installed (pip install --group test): {WITHOUT}"),
    pytest.mark.timeout(scaled(180)),
]

NO_LIVE_PICTURES = """
import logging, sys
sys.modules["apvnotebook"] = None  # as where the extra is not installed
logging.getLogger("servermanager.live_face").setLevel(logging.ERROR)
"""
BEGIN = """
import asyncio
import numpy as np
from servermanager import connect
session = await connect()
wavelet = session.sources.Wavelet(WholeExtent=(0, 4, 0, 4, 0, 4))
"""
LONG = """
many = session.sources.Wavelet(WholeExtent=(-150, 150, -150, 150, -150, 150))
contour = session.filters.Contour(Input=many, Isosurfaces=list(np.linspace(40, 270, 500)))

async def tell(steps):
    async for step in steps:
        print(step.name, step.state, flush=True)

telling = asyncio.create_task(tell(session.progress()))
print((await contour.update_pipeline()).number_of_points)
"""


class Notebook:
    """A kernel that runs cells, as a program that shows notebooks sees it."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def begin(self, code: str) -> tuple[Any, asyncio.Task[Any]]:
        """The cell, whose outputs come one by one, and the task that runs it."""
        from nbformat.v4 import new_code_cell

        cells = self._client.nb.cells
        cells.append(new_code_cell(code))
        return cells[-1], asyncio.create_task(self._client.async_execute_cell(cells[-1], len(cells) - 1))

    async def run(self, code: str) -> list[Any]:
        """The outputs of a cell that has ended."""
        cell, running = self.begin(code)
        await running
        return list(cell.outputs)

    async def shown(self, code: str) -> dict[str, str]:
        """What the cell's value is shown as, by MIME type."""
        outputs = await self.run(code)
        assert [one.output_type for one in outputs] == ["execute_result"], outputs
        return dict(outputs[0].data)

    async def error(self, code: str) -> Any:
        """The error that the cell ends with."""
        outputs = await self.run(code)
        assert [one.output_type for one in outputs] == ["error"], outputs
        return outputs[0]

    async def interrupt(self) -> None:
        """As the button with the square does."""
        await self._client.km.interrupt_kernel()


@pytest.fixture(params=BACKENDS)
def places(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the kernel finds in its environment: a backend for sessions, and no settings of whoever runs this."""
    monkeypatch.setenv("APV_COMMUNICATION_BACKEND", request.param)
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))


@asynccontextmanager
async def a_notebook() -> AsyncIterator[Notebook]:
    """A kernel of this Python meanwhile."""
    from nbclient import NotebookClient
    from nbformat.v4 import new_notebook

    client = NotebookClient(new_notebook(), allow_errors=True, kernel_name="python3", timeout=scaled(60))
    async with client.async_setup_kernel():
        yield Notebook(client)


def table(html: str) -> list[list[str]]:
    """The cells of a table, by rows."""
    return [re.findall(r"<t[hd]>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", html)]


def picture(png: str) -> Any:
    with Image.open(io.BytesIO(base64.b64decode(png))) as image:
        assert image.format == "PNG"
        return np.asarray(image.convert("RGB"))


@pytest.mark.usefixtures("places")
def test_what_cells_show() -> None:
    async def cells() -> None:
        async with a_notebook() as notebook:
            assert await notebook.run(BEGIN) == []
            session = await notebook.shown("session")
            assert re.fullmatch(r"<Session \d+: \w+, built in>", session["text/plain"])
            assert ["Wavelet1", "uninitialized"] in [row[:2] for row in table(session["text/html"])]
            information = await notebook.shown("await wavelet.update_pipeline()")
            rows = table(information["text/html"])
            assert rows[1] == ["bounds", "0, 4, 0, 4, 0, 4"] and rows[2][0] == "POINTS RTData"
            assert "125 points, 64 cells" in rows[0][1] and "RTData" in information["text/plain"]
            assert ["WholeExtent", "[0, 4, 0, 4, 0, 4]", "set"] in [
                row[:3] for row in table((await notebook.shown("wavelet"))["text/html"])
            ]
            rows = table((await notebook.shown("[one async for one in session.rows(wavelet)][0]"))["text/html"])
            assert rows[0][0] == "row" and "RTData" in rows[0] and len(rows) == 22
            await notebook.run("contour = session.filters.Contour(Input=wavelet)\nawait contour.update_domains()")
            domain = table((await notebook.shown("contour.domain('ContourBy')"))["text/html"])
            assert domain[-1] == ["entries", "POINTS RTData"]

    asyncio.run(cells())


@pytest.mark.usefixtures("places")
def test_pictures_in_cells_without_live_ones() -> None:
    async def cells() -> None:
        async with a_notebook() as notebook:
            assert await notebook.run(f"{NO_LIVE_PICTURES}{BEGIN}") == []
            made = "view = session.views.RenderView(ViewSize=(64, 48), Background=(0.0, 0.0, 1.0))\n"
            before = await notebook.shown(f"{made}shown = session.show(wavelet, view)\nview")
            assert "image/png" not in before and ["ViewSize", "[64, 48]", "set"] in [
                row[:3] for row in table(before["text/html"])
            ]
            drawn = picture((await notebook.shown("await view.screenshot()"))["image/png"])
            assert drawn.shape == (48, 64, 3) and tuple(drawn[0, 0]) == (0, 0, 255)
            assert tuple(drawn[24, 32]) != (0, 0, 255)
            after = await notebook.shown("view")
            assert "text/html" not in after and np.array_equal(picture(after["image/png"]), drawn)

    asyncio.run(cells())


@pytest.mark.usefixtures("places")
def test_errors_in_cells_name_what_is_wrong_and_the_session_goes_on() -> None:
    async def cells() -> None:
        async with a_notebook() as notebook:
            await notebook.run(BEGIN)
            await notebook.run("await wavelet.definition()")
            error = await notebook.error("wavelet.WholeExtend = (0, 1, 0, 1, 0, 1)")
            assert error.ename == "AttributeError" and "did you mean WholeExtent" in error.evalue
            error = await notebook.error("await session.open('/nowhere/at/all.vtk')")
            assert error.ename == "RemoteError" and "FileError: /nowhere/at/all.vtk: no such file" in error.evalue
            assert "/nowhere/at/all.vtk" in "\n".join(error.traceback)
            (waiting,) = await notebook.run("wavelet.update_pipeline()")
            assert "under way" in waiting.data["text/plain"]
            (said,) = await notebook.run("print((await wavelet.update_pipeline()).number_of_points)")
            assert said.text == "125\n"

    asyncio.run(cells())


@pytest.mark.usefixtures("places")
def test_a_cell_that_awaits_a_long_filter_is_interrupted_and_the_session_lives() -> None:
    async def cells() -> None:
        async with a_notebook() as notebook:
            await notebook.run(BEGIN)
            cell, running = notebook.begin(LONG)

            def under_way() -> bool:
                said = "".join(one.get("text", "") for one in cell.outputs)
                return re.search(r"Contour\d* running", said) is not None

            await poll_async(under_way, deadline_s=60, what="a contour that executes")
            assert not running.done()
            await notebook.interrupt()
            async with asyncio.timeout(scaled(20)):
                await running
            (error,) = [one for one in cell.outputs if one.output_type == "error"]
            assert error.ename in ("CancelledError", "KeyboardInterrupt")  # which, is the kernel's affair
            (said,) = await notebook.run(
                "telling.cancel()\ncontour.Isosurfaces = [157.0]\n"
                "print((await contour.update_pipeline()).number_of_points > 1000, session.connection.kind)"
            )
            assert said.text == "True connected\n"
            error = (await notebook.run("await session.close()\nawait wavelet.update_pipeline()"))[-1]
            assert error.output_type == "error" and error.ename == "Closed", error

    asyncio.run(cells())
