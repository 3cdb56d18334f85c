"""What servers of other systems have said is what this client understands, and what a server here says, too."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from async_paraview.datasets import Assembler
from servermanager import Image
from services_core import Packet

from .test_stranger import ITEM, LINES, REPLY
from .traffic import FOLDER, SUFFIX, Replayed, Traffic, record

MORE = os.environ.get("APV_TEST_TRAFFIC")
FILES = sorted([*FOLDER.glob(f"*{SUFFIX}"), *(Path(MORE).rglob(f"*{SUFFIX}") if MORE else ())])


@pytest.fixture(params=FILES, ids=lambda path: str(path.stem))
def traffic(request: pytest.FixtureRequest) -> Traffic:
    """What one server said."""
    return Traffic.from_bytes(request.param.read_bytes())


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traffic]:
    """What a server here says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("APV_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        yield record()


def data_set(traffic: Traffic) -> Any:
    """What was fetched."""
    made = Assembler(2**24)
    for header, buffers in traffic.buffers(ITEM):
        made.add(header, buffers)
    return made.finish()


def picture(traffic: Traffic) -> Image:
    """The screenshot."""
    (found,) = [(header, raw) for header, raw in traffic.buffers(REPLY) if "channels" in header]
    header, (data,) = found
    return Image.from_packet(Packet(header, [data]))


def test_some_traffic_is_kept() -> None:
    assert [path.stem for path in FILES if path.parent == FOLDER] == ["linux-x86_64"]


def test_it_is_still_the_conversation_of_the_page(traffic: Traffic) -> None:
    replayed = Replayed(traffic)
    for line in LINES:
        replayed.play(line)
    assert replayed.left == 0
    assert traffic.protocol[0] == 1


def test_its_data_are_those_of_a_server_here(traffic: Traffic, here: Traffic) -> None:
    theirs, ours = data_set(traffic), data_set(here)
    assert theirs.points.shape == ours.points.shape == (2856, 3)
    np.testing.assert_allclose(theirs.points, ours.points, atol=1e-4)
    np.testing.assert_allclose(theirs.point_data["RTData"], 157.0, rtol=1e-6)
    assert theirs.to_vtk().GetNumberOfCells() == 5504


def test_its_picture_is_that_of_a_server_here(traffic: Traffic, here: Traffic) -> None:
    theirs, ours = picture(traffic), picture(here)
    assert (theirs.width, theirs.height, theirs.quality) == (320, 240, None)
    difference = np.abs(theirs.pixels.astype(int) - ours.pixels)
    assert difference.mean() < 2 and (theirs.pixels > 0).any(axis=2).mean() > 0.05


def test_its_errors_have_the_words_that_users_read(traffic: Traffic) -> None:
    told = [header["type"] for _, _, _, _, header, _ in traffic.answers if header and header.get("code") == "remote"]
    assert told == ["UnknownOperation", "UnknownProperty"]


def test_what_is_kept_is_read_as_it_was_written(here: Traffic) -> None:
    assert Traffic.from_bytes(here.to_bytes()) == here
