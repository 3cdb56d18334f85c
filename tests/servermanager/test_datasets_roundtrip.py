"""Encoding and decoding give the same data object back, and neither copies what it need not."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from typing import Any

import hypothesis.extra.numpy as hnp
import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkFloatArray, vtkStringArray, vtkVariantArray
from vtkmodules.vtkCommonDataModel import (
    vtkHyperTreeGrid,
    vtkImageData,
    vtkMolecule,
    vtkMultiBlockDataSet,
    vtkOverlappingAMR,
    vtkPolyData,
    vtkStructuredPoints,
    vtkTable,
    vtkUniformGrid,
)

from async_paraview.datasets import DataSetError, decode, encode

from ..harness.time_limits import scaled
from .test_datasets_comparison import facts
from .test_datasets_samples import SAMPLES, image, poly


def over_the_wire(encoded: Any) -> Any:
    """The same as fresh, independent bytes."""
    return msgpack.unpackb(msgpack.packb(encoded.meta)), [bytes(buffer) for buffer in encoded.buffers]


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_data_object_comes_back_the_same_after_everything_else_is_gone(kind: Any) -> None:
    source = SAMPLES[kind]()
    expected = facts(source)
    encoded = encode(source)
    result = decode(*over_the_wire(encoded))
    del source, encoded
    gc.collect()
    _ = [np.full(64, 7, "u1") for _ in range(1000)]
    assert facts(result) == expected


@pytest.mark.parametrize("kind", SAMPLES)
def test_in_process_the_result_keeps_the_source_memory_alive(kind: Any) -> None:
    source = SAMPLES[kind]()
    expected = facts(source)
    encoded = encode(source)
    result = decode(encoded.meta, encoded.buffers, validate=False)
    del source, encoded
    gc.collect()
    assert facts(result) == expected


@pytest.mark.parametrize("kind", SAMPLES)
def test_encoding_leaves_the_source_as_it_was(kind: Any) -> None:
    source = SAMPLES[kind]()
    before = facts(source), source.GetMTime()
    encode(source)
    assert (facts(source), source.GetMTime()) == before


def test_encoding_gives_read_only_byte_views_of_the_arrays_own_memory() -> None:
    values = np.arange(30, dtype="f4").reshape(10, 3)
    mesh = vtkPolyData()
    mesh.GetFieldData().AddArray(numpy_to_vtk(values))
    encoded = encode(mesh)
    (view,) = encoded.buffers
    assert (view.format, view.readonly, view.c_contiguous, view.nbytes) == ("B", True, True, 120)
    assert np.shares_memory(np.frombuffer(view, "u1"), values)
    assert encoded.size_bytes == 120


@pytest.mark.parametrize("convert", [bytes, bytearray, memoryview, lambda b: np.frombuffer(b, "f4").reshape(-1, 3)])
def test_decoding_points_at_the_received_memory(convert: Any) -> None:
    mesh = vtkPolyData()
    mesh.GetFieldData().AddArray(numpy_to_vtk(np.arange(30, dtype="f4").reshape(10, 3), deep=True))
    encoded = encode(mesh)
    received = convert(bytes(encoded.buffers[0]))
    result = vtk_to_numpy(decode(encoded.meta, [received]).GetFieldData().GetArray(0))
    assert result.ctypes.data == np.frombuffer(received, "u1").ctypes.data


def test_a_shallow_copy_keeps_the_memory_alive() -> None:
    encoded = encode(poly())
    result = decode(*over_the_wire(encoded))
    copy = vtkPolyData()
    copy.ShallowCopy(result)
    expected = facts(result)
    del result
    gc.collect()
    assert facts(copy) == expected


@pytest.mark.parametrize("shift", range(8))
def test_a_buffer_that_is_not_aligned_is_copied(shift: int) -> None:
    source = poly()
    encoded = encode(source)
    moved = []
    for buffer in encoded.buffers:
        memory = np.zeros(buffer.nbytes + 8, "u1")
        memory[shift : shift + buffer.nbytes] = buffer
        moved.append(memory[shift : shift + buffer.nbytes])
    result = decode(encoded.meta, moved)
    del moved, memory
    assert facts(result) == facts(source)


def test_encoding_an_image_does_not_grow_with_its_size() -> None:
    grid = vtkImageData()
    grid.SetDimensions(256, 256, 256)
    grid.GetPointData().SetScalars(numpy_to_vtk(np.zeros(256**3, "f4")))
    took = []
    for _ in range(5):
        start = time.perf_counter()
        encode(grid)
        took.append(time.perf_counter() - start)
    assert min(took) < scaled(0.005)  # a copy of these 67 MB takes 80 ms


@pytest.mark.parametrize("cls", [vtkStructuredPoints, vtkUniformGrid])
def test_classes_with_the_content_of_an_image_arrive_as_images(cls: Any) -> None:
    source = cls()
    source.ShallowCopy(image())
    assert facts(decode(*over_the_wire(encode(source)))) == facts(image())


@pytest.mark.parametrize("cls", [vtkMolecule, vtkHyperTreeGrid, vtkOverlappingAMR])
def test_an_unsupported_class_is_named_with_the_supported_ones(cls: Any) -> None:
    with pytest.raises(DataSetError, match=rf"{cls.__name__} cannot travel.*vtkPolyData"):
        encode(cls())


def test_what_cannot_travel_is_refused_by_the_sender() -> None:
    variants = vtkVariantArray()
    variants.SetName("mixed")
    latin: Any = vtkStringArray()  # takes bytes, too
    latin.InsertNextValue(b"\xe9")
    short = vtkFloatArray()
    short.InsertNextValue(1.0)
    for array, message in ((variants, "'mixed': a vtkVariantArray"), (latin, "UTF-8")):
        mesh = vtkPolyData()
        mesh.GetFieldData().AddArray(array)
        with pytest.raises(DataSetError, match=message):
            encode(mesh)
    mesh = poly()
    mesh.GetPointData().AddArray(short)
    with pytest.raises(DataSetError, match="expected 6 tuples, got 1"):
        encode(mesh)
    with pytest.raises(DataSetError, match="expected a vtkDataObject, got str"):
        encode("text")


def test_composites_may_be_nested_32_deep() -> None:
    def nested(levels: int) -> Any:
        block = vtkMultiBlockDataSet()
        for _ in range(levels - 1):
            outer = vtkMultiBlockDataSet()
            outer.SetBlock(0, block)
            block = outer
        return block

    assert facts(decode(*over_the_wire(encode(nested(32))))) == facts(nested(32))
    with pytest.raises(DataSetError, match="at most 32 levels"):
        encode(nested(33))


def test_two_arrays_of_one_name_stay_two() -> None:
    mesh = vtkPolyData()
    for value in (1.0, 2.0):
        array = vtkFloatArray()
        array.InsertNextValue(value)
        mesh.GetFieldData().AddArray(array)
        array.SetName("same")
    assert facts(decode(*over_the_wire(encode(mesh)))) == facts(mesh)


@settings(max_examples=60)
@given(
    hnp.arrays(
        st.sampled_from(["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f4", "f8"]),
        st.tuples(st.integers(1, 20), st.integers(1, 9)),
    ),
    st.one_of(st.none(), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))),
)
def test_any_array_comes_back(values: Any, name: str) -> None:
    table = vtkTable()
    array = numpy_to_vtk(values)
    array.SetName(name)
    table.GetRowData().AddArray(array)
    result = decode(*over_the_wire(encode(table))).GetRowData().GetArray(0)
    assert (result.GetName(), result.GetDataType()) == (name, array.GetDataType())
    np.testing.assert_array_equal(vtk_to_numpy(result).reshape(values.shape), values)


@settings(max_examples=60)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=20))
def test_any_texts_come_back(texts: list[str]) -> None:
    table = vtkTable()
    array = vtkStringArray()
    array.SetName("texts")
    for text in texts:
        array.InsertNextValue(text)
    table.AddColumn(array)
    result = decode(*over_the_wire(encode(table))).GetColumn(0)
    assert [result.GetValue(i) for i in range(result.GetNumberOfValues())] == texts


def test_importing_the_package_imports_no_vtk() -> None:
    code = "import sys, async_paraview.datasets; print([m for m in sys.modules if m.startswith(('vtk', 'zmq'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=scaled(60))
    assert done.stdout.strip() == "[]"
