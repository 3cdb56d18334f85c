"""Scripts that end while a session is open, and work under way: no noise, no hang, and the exit code that is meant."""

from __future__ import annotations

import pytest

from ..harness.apvtest import BACKENDS, apvpython
from ..harness.time_limits import scaled

pytestmark = pytest.mark.anew

BEGIN = """
import asyncio
from servermanager import ProgressObserver, connect
session = await connect()
view = session.views.RenderView(ViewSize=(40, 30))
wavelet = session.sources.Wavelet()
session.show(wavelet, view)
"""

STREAMS = """
async def watch(stream):
    async for _ in stream:
        pass

async def last_wish():
    try:
        await asyncio.sleep(100)
    finally:
        await view.screenshot()

streams = [session.progress(), session.messages(), view.images()]
tasks = [asyncio.create_task(one) for one in (*map(watch, streams), last_wish())]
unused = session.progress()
observer = ProgressObserver(session)
await observer.__aenter__()
frames = view.frames(camera="orbit", count=5)
await anext(frames)
async for page in session.rows(wavelet, rows_per_page=5):
    break
"""

EXECUTIONS = """
runs = [session.filters.Contour(Input=wavelet, Isosurfaces=[float(at)]).update_pipeline() for at in range(100, 120)]
tasks = [asyncio.create_task(one) for one in (wavelet.fetch(), view.screenshot())]
wavelet.Maximum = 200.0
again = [wavelet.update_pipeline() for _ in range(3)]
await asyncio.sleep(0)
"""

CHANGES = """
for index in range(200):
    wavelet.Maximum = 100.0 + index
    session.update_vtk_objects()
    view.orbit(1.0)
"""

CLOSED = """
runs = [session.filters.Contour(Input=wavelet, Isosurfaces=[float(at)]).update_pipeline() for at in range(100, 120)]
wavelet.Maximum = 200.0
again = [wavelet.update_pipeline() for _ in range(3)]
async def watch(stream):
    async for _ in stream:
        pass
watching = asyncio.create_task(watch(session.progress()))
await session.close()
"""


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    "rest", [STREAMS, EXECUTIONS, CHANGES, CLOSED], ids=["streams", "executions", "changes", "closed"]
)
def test_a_script_ends_without_noise(rest: str, backend: str) -> None:
    ended = apvpython("-c", BEGIN + rest + "print('end')\n", APV_COMMUNICATION_BACKEND=backend)
    assert (ended.code, ended.output, ended.errors) == (0, "end\n", ""), ended
    assert ended.seconds < scaled(20)


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_error_of_the_script_is_all_that_is_told(backend: str) -> None:
    ended = apvpython("-c", BEGIN + EXECUTIONS + "1 / 0\n", APV_COMMUNICATION_BACKEND=backend)
    assert ended.code == 1 and ended.errors.endswith("ZeroDivisionError: division by zero\n"), ended
    assert ended.errors.count("Traceback") == 1 and "never" not in ended.errors, ended


def test_a_script_that_ends_while_opengl_is_looked_for() -> None:
    ended = apvpython("-c", BEGIN + "await wavelet.update_pipeline()\n", APV_COMMUNICATION_BACKEND="inproc")
    assert (ended.code, ended.output, ended.errors) == (0, "", ""), ended


def test_a_script_that_runs_a_loop_of_its_own() -> None:
    """A plain asyncio program is a script like any other."""
    code = "import asyncio\nasync def main():\n    await asyncio.sleep(0)\n    print('ran')\nasyncio.run(main())\n"
    ended = apvpython("-c", code)
    assert (ended.code, ended.output, ended.errors) == (0, "ran\n", ""), ended
