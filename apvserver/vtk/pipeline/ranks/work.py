"""What every rank does alike: it holds its pieces, makes others of them, tells of them and hands them over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonExecutionModel import vtkStreamingDemandDrivenPipeline, vtkTrivialProducer

from async_paraview.datasets import Assembler, encode, split

from ...base.blocks import parts as parts_of
from ...base.data_making import cropped
from ...base.errors import PipelineError
from ...base.information import describe_shape
from ...base.precision import is_far
from ...base.ranks import Ranks
from ...base.values.ranges import Range, finite_range
from ..pieces.table import Given
from ..pieces.taking import mark_points
from ..proxies import Pipeline
from ..proxy import Proxy
from ..times import Part
from .describing import describe_piece, points_in_others
from .extents import Extent, dimensions, slabs, with_span
from .held import JOINED, STRUCTURED, Held, Slab, in_first_layer, slab_of, without_neighbours_cells
from .joining import joined
from .rules import Rule, given_in_pieces

LAYERS: Final = 1
"""So many layers of their neighbours' points are made with the pieces of images: no rule needs more, lines do."""

MOST_BYTES: Final = 1 << 46
"""More than any machine has: what another rank of this session sends had room there."""

_STRAIGHT_SOLIDS: Final = (10, 11, 12, 13, 14)
"""VTK's numbers of tetrahedra, voxels, hexahedra, wedges and pyramids."""

_WHOLE_EXTENT: Final = vtkStreamingDemandDrivenPipeline.WHOLE_EXTENT()


@dataclass(slots=True)
class _Feeding:
    """A source of what a rank holds, and the version of that."""

    producer: Any
    version: int


class PieceWork:
    """The pieces of one rank, and the pipeline that makes them. Belongs to the thread that executes."""

    def __init__(self, pipeline: Pipeline, ranks: Ranks) -> None:
        self.pipeline = pipeline
        self.ranks = ranks
        self._held: dict[int, Held] = {}
        self._versions: dict[int, int] = {}
        self._count = 0
        self._once: dict[int, tuple[int, Any]] = {}
        """What there is to be counted once: the version, and the piece with marks at points of ranks before."""
        self._feeding: dict[tuple[int, int, bool], _Feeding] = {}
        """By output, number of layers, and whether these are not announced: what feeds filters with it."""

    def held(self, id_: int) -> Held:
        """Return the piece of an output. Raises PipelineError if there is none."""
        if id_ not in self._held:
            raise PipelineError(f"rank {self.ranks.rank} holds no piece of proxy {id_}")
        return self._held[id_]

    def forget(self, id_: int) -> None:
        """Drop a piece: its proxy was deleted, or is made of the whole now."""
        self._held.pop(id_, None)
        self._once.pop(id_, None)
        for key in [key for key in self._feeding if key[0] == id_]:
            del self._feeding[key]

    # --- making

    def producer(self, id_: int, layers: int, *, announces_own: bool = False) -> Any:
        """Return what feeds filters with the piece of an output, with so many layers of the neighbours'.

        Where it announces the rank's own extent of an image, filters are asked for that only, and have the layers.
        """
        held, version = self.held(id_), self._versions[id_]
        key = (id_, layers, announces_own)
        data = self._feeding.get(key)
        if data is None:
            data = self._feeding[key] = _Feeding(vtkTrivialProducer(), -1)
        if data.version != version:
            data.producer.SetOutput(held.with_layers(layers))
            if announces_own:
                assert held.slab is not None
                data.producer.SetWholeExtent(*held.slab.own)
            data.version = version
        return data.producer

    def connect(self, proxy: Proxy, name: str, ports: Sequence[tuple[Any, int]]) -> None:
        """Have an input of a proxy come from these ports; nothing happens if it does already."""
        for part, port in proxy.composition.inputs[name]:
            algorithm = proxy.parts[part]
            if _comes_from(algorithm, port, ports):
                continue
            algorithm.RemoveAllInputConnections(port)
            for source, number in ports:
                algorithm.AddInputConnection(port, source.GetOutputPort(number))

    def connect_piece(self, proxy: Proxy, source: int, rule: Rule) -> None:
        """Have a proxy with one input work on this rank's piece of that."""
        name = next(name for name, several in proxy.inputs.items() if several)
        producer = self.producer(source, rule.layers, announces_own=_asks_for_own(rule, self.held(source)))
        self.connect(proxy, name, [(producer, 0)])

    def prepare(self, proxy: Proxy, rule: Rule | None, source: int | None) -> Slab | Part | None:
        """Have a proxy work on this rank's piece of its source; returns what is to be made of one that has none."""
        if rule is None or source is None:
            if given_in_pieces(proxy) is Given.PARTS:
                return Part(self.ranks.rank, self.ranks.size)
            return self._slab_of_source(proxy)
        self.connect_piece(proxy, source, rule)
        return None

    @staticmethod
    def extent(slab: Slab | Part | None) -> Extent | Part | None:
        """Return what a source is asked for: of an image a layer more than the slab on both sides."""
        return slab.grown(LAYERS) if isinstance(slab, Slab) else slab

    def shape(self, id_: int) -> dict[str, Any]:
        """Return what is quickly said of a piece: counts, bounds, size, and whether something in it is marked."""
        data = self.held(id_).data
        described = describe_shape(data)
        bounds = described["bounds"]
        return {
            "points": described["points"],
            "cells": described["cells"],
            "bounds": None if bounds is None else list(bounds),
            "memory_kib": data.GetActualMemorySize(),
            "marked": has_marks(data),
            "straight": has_straight_solids(data),
        }

    def _slab_of_source(self, proxy: Proxy) -> Slab:
        """Return this rank's slab of the image that a source would make. Raises PipelineError if there is none."""
        whole = announced_extent(proxy)
        pieces = None if whole is None else slabs(whole, self.ranks.size)
        if whole is None or pieces is None:
            raise PipelineError(f"{proxy} announces no extent that {self.ranks.size} ranks could divide: {whole}")
        return slab_of(whole, pieces[self.ranks.rank], self.ranks.size)

    def keep(self, proxy: Proxy, rule: Rule | None, source: int | None, slab: Slab | Part | None) -> Held:
        """Keep what a proxy has just made as the piece that this rank has of it. Raises PipelineError."""
        part, port = proxy.composition.outputs[0]
        output = proxy.parts[part].GetOutputDataObject(port)
        if output is None or output.GetClassName() not in JOINED:
            kind = "nothing" if output is None else output.GetClassName()
            raise PipelineError(f"{proxy} has made {kind}, of which there are no pieces")
        data = output.NewInstance()
        data.ShallowCopy(output)
        if isinstance(slab, Part):
            held = Held(data, None, shares_points=False)  # parts of files have points of their own, also in the whole
        elif rule is None:
            held = Held(data, slab)
        else:
            assert source is not None
            held = self._kept(data, rule, self.held(source))
        return self._hold(proxy.id, held)

    def replace(self, id_: int, held: Held) -> None:
        """Hold something else as the piece of an output."""
        self._hold(id_, held)

    def _hold(self, id_: int, held: Held) -> Held:
        self._count += 1
        self._held[id_], self._versions[id_] = held, self._count
        return held

    @staticmethod
    def _kept(data: Any, rule: Rule, source: Held) -> Held:
        shares = source.shares_points and rule.shares_points
        slab = source.slab if source.is_structured and data.GetClassName() in STRUCTURED else None
        if not source.is_structured:
            return Held(data, None, shares)
        assert source.slab is not None
        if rule.keeps == "own cells" and not _asks_for_own(rule, source):
            return Held(without_neighbours_cells(data, source.data, source.slab), slab, shares)
        if rule.keeps == "own extent" and slab is not None:
            return Held(cropped(data, slab.own), slab, shares)
        return Held(data, slab, shares)

    def lacks_layers(self, id_: int, layers: int) -> bool:
        """Return whether a piece has fewer layers of the neighbours' than that. It is so for all ranks, or none."""
        return not self.held(id_).has_layers(layers)

    def get_layers(self, id_: int, layers: int) -> None:
        """Exchange layers with the ranks before and after; all ranks call this. Neighbours take turns, two by two."""
        held, rank = self.held(id_), self.ranks.rank
        slab = held.slab
        assert slab is not None  # or nothing would be lacking
        axis = slab.axis
        low, high = slab.own[2 * axis], slab.own[2 * axis + 1]
        blocks = [Held(held.data, Slab(slab.grown(layers), slab.own, slab.ranks))]
        for first in (0, 1):
            upper = (rank - first) % 2 == 0
            other = rank + 1 if upper else rank - 1
            if not 0 <= other < self.ranks.size:
                continue
            given = (high - layers, high) if upper else (low, low + layers)
            block = cropped(held.data, with_span(slab.own, axis, *given))
            if upper:
                send_data(self.ranks, other, block)
            taken = receive_data(self.ranks, other, MOST_BYTES)
            if not upper:
                send_data(self.ranks, other, block)
            a, b, c, d, e, f = taken.GetExtent()
            blocks.append(Held(taken, Slab(slab.grown(layers), (a, b, c, d, e, f), slab.ranks)))
        self._hold(id_, Held(joined(blocks), slab, held.shares_points))

    # --- telling

    def describe(self, id_: int, names: Sequence[str] | None = None) -> dict[str, Any]:
        """Return what there is to say of a piece; with ranges of all arrays, or of those with these names."""
        if names is None:
            return describe_piece(self.held(id_))

        def of_names(array: Any, component: int) -> Range | None:
            return finite_range(array, component) if array.GetName() in names else None

        return describe_piece(self.held(id_), of_names)

    def common_points(self, id_: int, boxes: Sequence[Sequence[float] | None]) -> bytes:
        """Return the places of the points of a piece at which it may meet others, three double numbers each."""
        numbers = self.points_near(id_, boxes)
        if not len(numbers):
            return b""
        places = vtk_to_numpy(self.held(id_).data.GetPoints().GetData())[numbers]
        return bytes(places.astype(np.float64).tobytes())

    def points_near(self, id_: int, boxes: Sequence[Sequence[float] | None]) -> Any:
        """Return the numbers of the points of a piece that lie in the boxes of others, if those may have them as well.

        None of images: there the indices tell.
        """
        held = self.held(id_)
        if held.is_structured or not held.shares_points:
            return np.zeros(0, np.int64)
        return points_in_others(held.data, self.ranks.rank, boxes)

    def box(self, id_: int) -> list[float] | None:
        """Return the bounds of a piece; None if there is nothing in it."""
        bounds = describe_shape(self.held(id_).data)["bounds"]
        return None if bounds is None else list(bounds)

    # --- counting points once

    def counts_once(self, id_: int) -> bool:
        """Return whether `once` may be called for the piece as it is now. It is so for all ranks, or none."""
        return id_ in self._once and self._once[id_][0] == self._versions[id_]

    def mark_twice(self, id_: int, numbers: Any) -> None:
        """Take the numbers of the points of the piece that ranks before this one have as well."""
        held = self.held(id_)
        own = held.own()
        if held.is_structured:
            assert held.slab is not None
            twice = in_first_layer(held.slab)
        else:
            twice = np.zeros(own.GetNumberOfPoints(), bool)
            twice[numbers] = True
        if twice.any():
            marked = own.NewInstance()
            marked.ShallowCopy(own)
            mark_points(marked, twice)
            own = marked
        self._once[id_] = self._versions[id_], own

    def once(self, id_: int) -> Any:
        """Return the own piece of an output with marks at points that count on a rank before this one."""
        return self._once[id_][1]

    # --- handing over

    def send_to_first(self, id_: int) -> None:
        """Send this rank's own piece to rank 0."""
        send_data(self.ranks, 0, self.held(id_).own())

    def receive_pieces(self, id_: int, limit_bytes: int) -> list[Held]:
        """Return the pieces of all ranks, on rank 0: the others send theirs."""
        own = self.held(id_)
        found = [Held(own.own(), own.slab, own.shares_points)]
        for rank in range(1, self.ranks.size):
            data = receive_data(self.ranks, rank, limit_bytes)
            slab = None
            if own.is_structured:
                assert own.slab is not None
                of_all = slabs(own.slab.whole, self.ranks.size)
                assert of_all is not None
                slab = slab_of(own.slab.whole, of_all[rank], self.ranks.size)
            found.append(Held(data, slab, own.shares_points))
        return found

    def take_scattered(self, id_: int, slab: Slab | None, data: Any) -> None:
        """Hold a piece that rank 0 has cut off the whole for this rank."""
        self._hold(id_, Held(data, slab))


def send_data(ranks: Ranks, to: int, data: Any) -> None:
    """Send a data object to a rank, which calls `receive_data`. Raises DataSetError if its kind cannot travel."""
    pieces = list(split(encode(data), piece_bytes=None))
    heads = [{"header": one.header, "sizes": [buffer.nbytes for buffer in one.buffers]} for one in pieces]
    send_value(ranks, to, heads)
    for one in pieces:
        ranks.send(to, one.buffers)


def receive_data(ranks: Ranks, of: int, limit_bytes: int) -> Any:
    """Return the data object that a rank sends."""
    assembler = Assembler(limit_bytes)
    for head in receive_value(ranks, of):
        assembler.add(head["header"], ranks.receive(of, head["sizes"]))
    return assembler.finish(validate=False).to_vtk(copy=False)


def send_value(ranks: Ranks, to: int, value: Any) -> None:
    """Send plain data to a rank."""
    from services_core.payload import pack_payload

    packed = pack_payload({}, value).buffers[0]
    ranks.send(to, [memoryview(len(packed).to_bytes(8, "little"))])
    ranks.send(to, [memoryview(packed)])


def receive_value(ranks: Ranks, of: int) -> Any:
    """Return plain data that a rank sends."""
    from services_core import Packet
    from services_core.payload import unpack_payload

    size = int.from_bytes(ranks.receive(of, [8])[0], "little")
    return unpack_payload(Packet({}, ranks.receive(of, [size])))


def announced_extent(proxy: Proxy) -> tuple[int, ...] | None:
    """Return the extent of the image that a source would make; None if it announces none, or a turned one."""
    part, port = proxy.composition.outputs[0]
    algorithm = proxy.parts[part]
    algorithm.UpdateInformation()
    information = algorithm.GetOutputInformation(port)
    data = algorithm.GetOutputDataObject(port)
    if data is None or not data.IsA("vtkImageData") or not _WHOLE_EXTENT.Has(information):
        return None
    key = data.DIRECTION()
    if key.Has(information) and tuple(information.Get(key)) != (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0):
        return None
    return tuple(information.Get(_WHOLE_EXTENT))


def objects_of(pipeline: Pipeline, proxy: Proxy) -> dict[str, Proxy]:
    """Return what the properties of a proxy hold, by their names: objects of its own, and such as clients know."""
    shared = {name: pipeline.proxy(id_) for name, id_ in proxy.objects.items() if id_ is not None}
    return {**proxy.own_objects, **shared}


def _asks_for_own(rule: Rule, source: Held) -> bool:
    """Return whether a filter is asked for the rank's own extent only, and has the layers around that all the same.

    Not where the image is made a grid for it, as planes and what is far from the origin are: of those VTK cuts off what
    was not asked for, and arrays of cells then have values of other cells, or none.
    """
    if not rule.asks_for_own or source.slab is None or not source.is_structured:
        return False
    return min(dimensions(source.slab.whole)) > 1 and not is_far(source.data)


def _comes_from(algorithm: Any, port: int, ports: Sequence[tuple[Any, int]]) -> bool:
    if algorithm.GetNumberOfInputConnections(port) != len(ports):
        return False
    connections = [algorithm.GetInputConnection(port, index) for index in range(len(ports))]
    return all(
        one is not None and one.GetProducer() is source and one.GetIndex() == number
        for one, (source, number) in zip(connections, ports, strict=True)
    )


def has_straight_solids(data: Any) -> bool:
    """Return whether all cells of data are solids with straight edges: points of what is cut are on these."""
    if not data.IsA("vtkUnstructuredGrid"):
        return False
    kinds = data.GetCellTypes()
    return kinds is None or bool(np.isin(np.unique(vtk_to_numpy(kinds)), _STRAIGHT_SOLIDS).all())


def has_marks(data: Any) -> bool:
    """Return whether cells or points of data are marked as hidden or as another's."""
    return any(one.HasAnyGhostCells() or one.HasAnyGhostPoints() for one in parts_of(data) if one.IsA("vtkDataSet"))
