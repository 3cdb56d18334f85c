"""Messages say which proxy they are of, by number, type and name, and which property, where that can be known."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from apvserver.vtk.pipeline.about import property_of
from apvserver.vtk.types.toml_definitions import composition
from servermanager import RemoteError, connect
from servermanager.streams import Message, MessageStream

from ..harness import simulations
from ..harness.apvtest import in_loop
from ..harness.time_limits import scaled


@in_loop
async def test_a_file_that_cannot_be_read_is_told_with_the_property_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "cut.vti").write_text('<?xml version="1.0"?>\n<VTKFile type="ImageData" version="1.0">\n<Image')
    async with connect() as session:
        reader = session.readers.XMLImageDataReader(FileName=tmp_path / "cut.vti")
        session.proxies.rename(reader, "the brain")
        async with session.messages() as messages:
            with pytest.raises(RemoteError, match="ExecutionFailed"):
                await reader.update_pipeline()
            message = await first_of(messages)
            assert (message.severity, message.proxy, message.name) == ("error", reader.id, "XMLImageDataReader")
            assert message.registered == "the brain"


@in_loop
async def test_what_a_reader_leaves_out_is_told_to_the_client_while_it_is_shown(tmp_path: Path) -> None:
    simulations.particles(tmp_path / "a.h5part", name=np.array([b"a"] * 5))
    async with connect() as session, session.messages() as messages:
        reader = await session.open(tmp_path / "a.h5part")
        session.proxies.rename(reader, "drops")
        session.show(reader, session.create_view())
        message = await first_of(messages)
        assert (message.severity, message.proxy, message.registered) == ("warning", reader.id, "drops")
        assert message.property == "PointArrays" and message.text.endswith("'name'")
        session.delete(reader)


@in_loop
async def test_what_looking_into_a_file_tells_is_told(tmp_path: Path) -> None:
    (tmp_path / "none.vtp").write_text("<VTKFile type='PolyData'")
    async with connect() as session, session.messages() as messages:
        reader = session.readers.XMLPolyDataReader(FileName=tmp_path / "none.vtp")
        with pytest.raises(RemoteError, match="ExecutionFailed"):
            await reader.update_domains()
        message = await first_of(messages)
        assert (message.severity, message.proxy) == ("error", reader.id)


def test_the_property_is_that_whose_name_or_file_the_text_has() -> None:
    image, clip, particles = map(composition, ("XMLImageDataReader", "Contour", "H5PartReader"))
    assert property_of(image, {"FileName": "/data/a.vti"}, "Error opening file /data/a.vti") == "FileName"
    assert property_of(image, {}, "Error opening file /data/a.vti") == ""
    assert property_of(image, {}, "PointArrayStatus: the file has no point array 'x'") == "PointArrayStatus"
    assert property_of(particles, {}, "PointArrayStatus: the file has no point array 'x'") == "PointArrays"
    assert property_of(clip, {"Isosurfaces": [1.0]}, "Isosurfaces is 1 and lies outside") == "Isosurfaces"


async def first_of(messages: MessageStream) -> Message:
    async with asyncio.timeout(scaled(10)):
        return await anext(messages)
