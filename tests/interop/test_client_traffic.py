"""What clients of other systems have said is understood by a server here, and answered with the same data."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgpack
import numpy as np
import pytest
import zmq

from async_paraview.datasets import Assembler
from servermanager import Image
from services_core import Kind, Message

from ..harness.apvtest import BACKENDS, apvpython
from ..harness.time_limits import scaled
from .client_traffic import PROGRAM, SUFFIX, Again, Answers, ClientTraffic, a_server, asked, heard, record
from .traffic import FOLDER

pytestmark = pytest.mark.timeout(scaled(240))

OTHER_LIGHT = "Windows-10-10.0.18362-in-wine"
"""Where the usual light was another when it was recorded: bright and dark are where they are now, but not as much."""
MORE = os.environ.get("APV_TEST_TRAFFIC")
FILES = sorted([*FOLDER.glob(f"*{SUFFIX}"), *(Path(MORE).rglob(f"*{SUFFIX}") if MORE else ())])


def found(traffic: ClientTraffic, op: str) -> list[tuple[int, int]]:
    """The connection and id of each request or stream of an operation."""
    return [key for key, header in asked(traffic).items() if isinstance(header, dict) and header.get("op") == op]


def data_set(items: list[Message]) -> Any:
    assembler = Assembler(2**24)
    for item in items:
        assert item.packet is not None
        assembler.add(item.packet.header, item.packet.buffers)
    return assembler.finish()


def plain(message: Message) -> Any:
    assert message.packet is not None
    return msgpack.unpackb(message.packet.buffers[0])


def picture(message: Message) -> Any:
    assert message.packet is not None
    return Image.from_packet(message.packet).pixels.astype(int)


def assert_answers_are_the_same(traffic: ClientTraffic, here: Answers) -> None:
    there = heard(traffic)
    assert here.only.keys() >= there.only.keys()
    wanted = found(traffic, "update_pipeline")
    assert len(wanted) == 2
    for connection, id_ in wanted:
        ours, theirs = (plain(side.only[connection, Kind.REPLY, id_]) for side in (here, there))
        assert [ours[one] for one in ("type", "points", "cells")] == [
            theirs[one] for one in ("type", "points", "cells")
        ]
        np.testing.assert_allclose(ours["bounds"], theirs["bounds"], atol=1e-6)
    (fetched,) = found(traffic, "fetch")
    ours, theirs = data_set(here.items[fetched]), data_set(there.items[fetched])
    assert ours.points.shape == theirs.points.shape and len(ours.points) > 1000
    np.testing.assert_allclose(ours.points, theirs.points, atol=1e-4)
    np.testing.assert_allclose(ours.point_data["RTData"], theirs.point_data["RTData"], rtol=1e-6)
    ((connection, id_),) = found(traffic, "screenshot")
    ours, theirs = (picture(side.only[connection, Kind.REPLY, id_]) for side in (here, there))
    assert ours.shape == theirs.shape == (120, 160, 3) and len(np.unique(ours.reshape(-1, 3), axis=0)) > 100
    if traffic.system == OTHER_LIGHT:
        lit, lit_here = (np.abs(one - one[0, 0]).max(axis=2) > 3 for one in (theirs, ours))
        assert (lit != lit_here).mean() < 0.01
        assert np.corrcoef(ours[lit].ravel(), theirs[lit].ravel())[0, 1] > 0.98
    else:
        assert np.abs(ours - theirs).mean() < 2
    ((connection, id_),) = found(traffic, "choose_reader")
    for side in (here, there):
        error = side.only[connection, Kind.ERROR, id_].packet
        assert error is not None and error.header["type"] == "FileError"


def said_again(traffic: ClientTraffic, backend: str, place: Path) -> Answers:
    with zmq.Context() as context, a_server(backend, place) as (url, token_file):
        again = Again(context, url, token_file.read_text().strip())
        try:
            again.play(traffic)
        finally:
            again.close()
    return again.answers


def test_some_traffic_of_clients_is_kept() -> None:
    kept = [path for path in FILES if path.parent == FOLDER]
    assert [path.stem for path in kept] == ["linux-x86_64", "windows-amd64"]
    systems = [ClientTraffic.from_bytes(path.read_bytes()).system for path in kept]
    assert [one.partition("-")[0] for one in systems] == ["Linux", "Windows"]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.stem))
def test_a_server_here_answers_it_as_the_other_did(path: Path, backend: str, tmp_path: Path) -> None:
    traffic = ClientTraffic.from_bytes(path.read_bytes())
    assert traffic.protocol[0] == 1
    assert_answers_are_the_same(traffic, said_again(traffic, backend, tmp_path))


def test_a_client_here_says_what_is_understood(tmp_path: Path) -> None:
    def run(url: str, token_file: Path) -> None:
        ended = apvpython("--server-url", url, "--token-file", str(token_file), str(PROGRAM))
        assert ended.code == 0 and ended.errors == "", ended
        points, fetched = ended.output.splitlines()[0].split()
        assert points == fetched and "/nowhere/at/all.vtk: no such file" in ended.output

    traffic = record(run, tmp_path, system="here", python="this one")
    assert ClientTraffic.from_bytes(traffic.to_bytes()) == traffic
    assert_answers_are_the_same(traffic, said_again(traffic, "zmq", tmp_path))


def test_another_answer_is_an_error(tmp_path: Path) -> None:
    """That a server answers at all is not enough."""
    (path, *_) = FILES
    traffic = ClientTraffic.from_bytes(path.read_bytes())
    frames = [
        (number, who, [frame.replace(b"RTAnalyticSource", b"RTAnalyticSourcf") for frame in said])
        for number, who, said in traffic.said
    ]
    wrong = ClientTraffic(traffic.system, traffic.python, traffic.software, traffic.protocol, frames)
    with pytest.raises(AssertionError, match="in place of"):
        said_again(wrong, "inproc", tmp_path)
