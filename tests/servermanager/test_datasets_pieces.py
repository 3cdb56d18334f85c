"""Cutting an encoded data set into pieces and putting it together again."""

from __future__ import annotations

import copy
import random
from itertools import pairwise
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import VTK_FLOAT, vtkPoints
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPolyData

from async_paraview.datasets import Assembler, DataSetError, EncodedDataSet, Piece, encode, split

from .test_datasets_comparison import facts
from .test_datasets_samples import SAMPLES

LIMIT = 10**8


def over_the_wire(piece: Any) -> Any:
    return Piece(msgpack.unpackb(msgpack.packb(piece.header)), tuple(memoryview(bytes(b)) for b in piece.buffers))


def assembled(pieces: Any) -> Any:
    assembler = Assembler(LIMIT)
    for piece in pieces:
        assembler.add(piece.header, piece.buffers)
    return assembler.finish()


def sample() -> Any:
    """Twenty arrays of growing size."""
    mesh = vtkPolyData()
    for place in range(1, 21):
        array = numpy_to_vtk(np.arange(10 * place, dtype="f8"), deep=True)
        array.SetName(f"array {place}")
        mesh.GetFieldData().AddArray(array)
    return mesh


@pytest.mark.parametrize("piece_bytes", [None, 100, 10**6])
@pytest.mark.parametrize("kind", SAMPLES)
def test_every_kind_survives_cutting(kind: Any, piece_bytes: Any) -> None:
    source = SAMPLES[kind]()
    pieces = [over_the_wire(piece) for piece in split(encode(source), piece_bytes=piece_bytes)]
    for piece in pieces:
        assert 1 <= len(piece.buffers) <= 15
        assert piece_bytes is None or sum(len(buffer) for buffer in piece.buffers) <= piece_bytes
        assert len(msgpack.packb(piece.header)) < 1000
    assert facts(assembled(pieces).to_vtk()) == facts(source)


@settings(max_examples=25)
@given(st.integers(7, 5000))
def test_any_piece_size_gives_the_same_bytes(piece_bytes: Any) -> None:
    encoded = encode(sample())
    result = assembled(over_the_wire(piece) for piece in split(encoded, piece_bytes=piece_bytes))
    for place in range(1, 21):
        np.testing.assert_array_equal(result.field_data[f"array {place}"], np.arange(10 * place))


def test_without_a_byte_limit_no_array_is_copied() -> None:
    encoded = encode(sample())
    result = assembled(split(encoded, piece_bytes=None))
    for place, buffer in enumerate(encoded.buffers, 1):
        assert np.shares_memory(result.field_data[f"array {place}"], np.frombuffer(buffer, "u1"))


def test_progress_rises_from_0_to_1() -> None:
    assembler = Assembler(LIMIT)
    seen = [assembler.fraction]
    for piece in split(encode(sample()), piece_bytes=1000):
        assert not assembler.complete
        assembler.add(piece.header, piece.buffers)
        seen.append(assembler.fraction)
    assert assembler.complete
    assert (seen[0], seen[-1]) == (0.0, 1.0)
    assert all(a < b for a, b in pairwise(seen))


def test_an_announced_size_over_the_limit_is_refused_before_allocation() -> None:
    pieces = list(split(encode(sample()), piece_bytes=100))
    with pytest.raises(DataSetError, match="at most 100 allowed here"):
        Assembler(100).add(pieces[0].header, pieces[0].buffers)
    with pytest.raises(DataSetError, match="10000000000 announced"):
        Assembler(LIMIT).add({**pieces[0].header, "total": 10**10}, pieces[0].buffers)


def tampered(change: Any) -> Any:
    pieces = [Piece(copy.deepcopy(p.header), p.buffers) for p in split(encode(sample()), piece_bytes=1000)]
    change(pieces)
    return pieces


def swap(pieces: Any) -> None:
    pieces[3], pieces[4] = pieces[4], pieces[3]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (swap, "expected buffer"),
        (lambda p: p.pop(3), "expected buffer"),
        (lambda p: p.insert(3, p[3]), "expected buffer"),
        (lambda p: p.append(p[-1]), "no slice after the last"),
        (lambda p: p.pop(), "bytes before the end"),
        (lambda p: p.pop(0), "total bytes: expected an integer"),
        (lambda p: p[2].header.update(slices=[]), "slices: expected"),
        (lambda p: p[2].header.update(slices=None), "slices: expected a list, got nothing"),
        (lambda p: p[2].header["slices"][0].__setitem__(2, 10**9), "slice size: expected an integer"),
        (lambda p: p[2].header["slices"][0].__setitem__(2, 1), "slice: 1 bytes expected"),
        (lambda p: p[2].header["slices"][0].__setitem__(1, -1), "at -1"),
        (lambda p: p[0].header.update(buffers=5), "sizes: expected 4 items"),
        (lambda p: p[0].header.update(buffers=10**15), "buffers: expected an integer"),
        (lambda p: p[0].header.update(meta=10**6), "description bytes: expected an integer"),
        (lambda p: p[0].header.update(total=20000), "expected a sum of 20000"),
        (lambda p: p.clear(), "bytes before the end"),
    ],
)
def test_what_does_not_follow_is_refused(change: Any, message: str) -> None:
    with pytest.raises(DataSetError, match=message):
        assembled(tampered(change))


def test_a_description_that_is_no_msgpack_map_is_refused() -> None:
    for packed in (b"\xc1", b"\x93\x01", b"\x01\x02", msgpack.packb([1]), b"\x91" * 2000):
        header = {"slices": [[0, 0, len(packed)]], "total": len(packed), "buffers": 1, "meta": len(packed)}
        with pytest.raises(DataSetError, match=r"msgpack map|packed description"):
            Assembler(LIMIT).add(header, [packed])


def test_random_headers_are_refused_or_harmless() -> None:
    dice = random.Random(1)
    values: list[Any] = [None, True, -1, 0, 1, 2**63, 2**70, 1.5, "x", [], [[]], [[0, 0, 1]], {}]
    for _ in range(500):
        pieces = tampered(lambda p: None)
        header = dice.choice(pieces[:3]).header
        target = dice.choice([header, header["slices"], header["slices"][0]])
        key = dice.choice(list(target) if isinstance(target, dict) else range(len(target)))
        target[key] = dice.choice(values)
        try:
            assembled(pieces)
        except DataSetError:
            continue


def test_what_cannot_be_split_is_refused() -> None:
    encoded = encode(sample())
    with pytest.raises(ValueError, match="at least 1, got 0"):
        split(encoded, piece_bytes=0)
    with pytest.raises(DataSetError, match="is empty"):
        split(EncodedDataSet(encoded.meta, (memoryview(b""),)), piece_bytes=None)
    with pytest.raises(DataSetError, match="the description needs"):
        split(EncodedDataSet({"name": "x" * 2**24}, ()), piece_bytes=None)


def test_only_what_is_looked_through_for_long_is_not_finished_at_once() -> None:
    image = vtkImageData()
    image.SetDimensions(100, 100, 40)
    image.AllocateScalars(VTK_FLOAT, 1)
    image.GetPointData().GetScalars().Fill(1.5)
    large = vtkPolyData()
    large.SetPoints(vtkPoints())
    large.GetPoints().SetNumberOfPoints(40_000)
    large.GetPoints().GetData().Fill(2.5)
    for data, at_once in ((image, True), (sample(), True), (large, False)):
        assembler = Assembler(LIMIT)
        assert not assembler.finishes_at_once
        for piece in split(encode(data), piece_bytes=100_000):
            assert not assembler.finishes_at_once
            assembler.add(piece.header, piece.buffers)
        assert assembler.finishes_at_once is at_once
        assert facts(assembler.finish().to_vtk()) == facts(data)
