"""Directories and files whose names would be taken for two in a variable: as options they are what they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from servermanager import RemoteError, connect

from ..harness.apvtest import Server, in_loop

pytestmark = pytest.mark.skipif(os.pathsep != ":", reason="there no name can have one")


@pytest.mark.parametrize("backend", ["inproc", "zmq"])
@in_loop
async def test_a_data_root_with_a_separator_in_its_name_is_one_directory(backend: str, tmp_path: Path) -> None:
    root, outside = tmp_path / "half:other", tmp_path / "other"
    root.mkdir()
    outside.mkdir()
    for folder in (root, outside):
        (folder / "a.csv").write_text("x\n1\n")
    with Server(backend, "--data-root", str(root)) as server:
        async with connect(server.url) as session:
            table = await session.open(root / "a.csv")
            assert (await table.update_pipeline()).number_of_rows == 1
            with pytest.raises(RemoteError, match=r"below .*half:other only"):
                await session.open(outside / "a.csv")


@in_loop
async def test_definitions_with_a_separator_in_their_name_are_one_file(tmp_path: Path) -> None:
    file = tmp_path / "half:other"
    file.write_text('[MyBall]\ngroup = "sources"\ndoc = "A ball."\nparts = { ball = "SphereSource" }\n')
    with Server("zmq", "--definitions", str(file)) as server:
        async with connect(server.url) as session:
            assert (await session.create("MyBall").update_pipeline()).number_of_points == 50
