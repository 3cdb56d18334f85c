"""A session over a worker that executes in pieces: what its client gets, sees and is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from async_paraview import connect
from services_core import ConfigurationError, RemoteError

from ...harness.time_limits import scaled

pytestmark = pytest.mark.anyio

LAST = 256
"""257^3 floats are 68 MB, and 64 MiB is the least size that can be asked for."""


@pytest.mark.deep
@pytest.mark.timeout(scaled(240))
async def test_a_client_need_not_know(tmp_path: Path) -> None:
    found = []
    for stream in ("64MiB", "off"):
        async with connect(backend="zmq", stream=stream) as session:
            wavelet = session.sources.Wavelet(WholeExtent=[0, LAST] * 3, Center=[128.0] * 3)
            contour = session.filters.Contour(Input=wavelet, ContourBy=("POINTS", "RTData"), Isosurfaces=[157.0])
            told = await wavelet.update_pipeline()
            made = await contour.update_pipeline()
            counts = await session.histogram(wavelet, "RTData", bins=10)
            view = session.views.RenderView(ViewSize=[200, 150], StillSamples=1)
            session.show(wavelet, view)
            view.reset_camera()
            picture = tmp_path / f"{stream}.png"
            await view.save_screenshot(str(picture))
            found.append((told, made, counts, np.asarray(Image.open(picture))))
            if stream != "off":
                assert told.raw["pieces"] == 17
                with pytest.raises(RemoteError, match="executed in 17 pieces"):
                    await wavelet.fetch()
    (told, made, counts, picture_of_pieces), (whole, expected, whole_counts, picture_of_whole) = found
    assert told.number_of_points == whole.number_of_points == (LAST + 1) ** 3
    assert told.arrays[0].ranges == whole.arrays[0].ranges
    assert (made.number_of_points, made.number_of_cells) == (expected.number_of_points, expected.number_of_cells)
    assert counts == whole_counts
    assert np.abs(picture_of_pieces.astype(int) - picture_of_whole).max() <= 2


async def test_a_server_is_told_as_it_is_started() -> None:
    with pytest.raises(ConfigurationError, match=r"stream='2GB' is for built-in sessions"):
        await connect("tcp://127.0.0.1:9", stream="2GB")


async def test_a_size_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"--stream is 'much'.*a size is a number with a unit"):
        await connect(backend="zmq", stream="much")
