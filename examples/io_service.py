"""An own service: it reads files on its own thread, and hands the data to the data service without a copy.

Reading does not block filters, and filters do not block reading: run it to see both at the same time.

    apvpython examples/io_service.py                     built in; so does python
    apvserver --service examples.io_service:IoService    on a server
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from async_paraview.datasets import encode, split
from async_paraview.operations import Operation, Operations, Result
from async_paraview.operations.data import Receive
from servermanager import connect
from services_core import IncomingCall, Kind, Packet, Service, ServiceEndpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Operation):
    """Read a file of VTK's XML image format into a proxy."""

    op: ClassVar[str] = "read"
    sent_as: ClassVar[Kind] = Kind.REQUEST
    answer: ClassVar[str] = "`read_s`: float"

    path: str
    """the file"""
    id: int
    """a proxy of type vtkTrivialProducer"""


OPERATIONS: Final = Operations("io", Read)


class IoService(Service):
    """Reads files on its own thread."""

    def __init__(self, connect_to: Callable[[str], ServiceEndpoint]) -> None:
        super().__init__("io")
        self._connect_to = connect_to

    def started(self) -> None:
        self._data = self._connect_to("data")

    def stopped(self) -> None:
        self._data.close()

    def process(self, incoming: IncomingCall) -> Result:
        return OPERATIONS.call({Read: self._read}, incoming)

    def _read(self, incoming: IncomingCall, wanted: Read) -> Packet:
        from vtkmodules.vtkIOXML import vtkXMLImageDataReader

        began = time.monotonic()
        reader = vtkXMLImageDataReader()
        reader.SetFileName(wanted.path)
        reader.Update()
        *pieces, last = split(encode(reader.GetOutput()), piece_bytes=None)
        for piece in pieces:
            self._data.send_message(Receive(id=wanted.id, piece=piece.header).packet(piece.buffers))
        self._data.send_request(Receive(id=wanted.id, piece=last.header).packet(last.buffers))
        return Packet({"read_s": time.monotonic() - began})


async def main() -> None:
    """Read a file of 7 MB while a filter executes, and print when each was done."""
    async with connect() as session:
        wavelet = session.sources.Wavelet(WholeExtent=[-60, 60] * 3)
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "wavelet.vti"
            await session.save_data(path, wavelet)
            mesh = session.filters.Delaunay3D(Input=session.sources.PointCloud(NumberOfPoints=30_000))
            began = time.monotonic()
            filtering = mesh.update_pipeline()
            holder = session.create("vtkTrivialProducer")
            holder.update_vtk_objects()
            reply = await session.endpoint("io").send_request(Read(path=str(path), id=holder.id).packet())
            read_s = time.monotonic() - began
            running = not filtering.done()
            await filtering
            filtered_s = time.monotonic() - began
            info = await holder.update_pipeline()
    print(f"the I/O service read {info.number_of_points} points in {reply.header['read_s']:.2f} s")
    print(f"it answered after {read_s:.2f} s, while the filter was {'still running' if running else 'done'}")
    print(f"the filter was done after {filtered_s:.2f} s")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # where `examples` is found, by a worker process, too
    os.environ["APV_SERVICES"] = "examples.io_service:IoService"
    asyncio.run(main())
