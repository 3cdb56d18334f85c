"""Amounts of memory: read and told; what would not fit is refused before it executes; why a process ended."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from vtkmodules.vtkCommonDataModel import vtkDataObject
from vtkmodules.vtkFiltersCore import vtkContourFilter, vtkThreshold
from vtkmodules.vtkFiltersGeneral import vtkGradientFilter, vtkImageDataToPointSet
from vtkmodules.vtkImagingCore import vtkImageCast, vtkImageResize, vtkRTAnalyticSource
from vtkmodules.vtkIOXML import vtkXMLImageDataReader, vtkXMLImageDataWriter

from apvserver import memory, system_memory
from apvserver.memory import MemoryFacts, memory_reason, read_size, size_text
from apvserver.memory_watch import Usage, excess, usage
from apvserver.system_memory import machine_memory
from apvserver.vtk.base.errors import ExecutionFailed
from apvserver.vtk.pipeline.execution import Executor
from apvserver.vtk.pipeline.guards import memory_guard
from apvserver.vtk.pipeline.proxies import Pipeline

from ..harness.apvtest import Program, with_settings

GIB = 1024**3
MB = 10**6


@pytest.mark.parametrize(
    ("text", "bytes_"),
    [("8GB", 8 * 10**9), ("512MiB", 2**29), ("1.5 GiB", 3 * 2**29), ("100000000", 10**8), ("2tb", 2 * 10**12)],
)
def test_sizes_are_read_as_they_are_written(text: str, bytes_: int) -> None:
    assert read_size(text) == bytes_


@pytest.mark.parametrize("text", ["", "much", "8G", "-8GB", "8 giga", "0x10GB", "1e9", "٨GB", "8GB 8GB", "nanGB"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"a number with a unit, such as 8GB"):
        read_size(text)


def test_a_bound_in_which_nothing_fits_is_refused() -> None:
    with pytest.raises(ValueError, match="less than 64 MiB is not enough"):
        read_size("1MB")


@pytest.mark.parametrize(
    ("bytes_", "text"),
    [(GIB, "1 GiB"), (2**29, "512 MiB"), (8 * 10**9, "8 GB"), (4_004_001_000, "4 GB"), (123_400_000, "123 MB")],
)
def test_sizes_are_told_as_one_reads_them(bytes_: int, text: str) -> None:
    assert size_text(bytes_) == text


def wavelet(last: int) -> Any:
    made = vtkRTAnalyticSource()
    made.SetWholeExtent(0, last, 0, last, 0, last)
    return made


def after(kind: type, source: Any) -> Any:
    made = kind()
    made.SetInputConnection(source.GetOutputPort())
    return made


@pytest.fixture
def any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_guard, "_FEW_BYTES", 0)


@pytest.mark.usefixtures("any_size")
def test_what_is_announced_is_what_comes_out_or_less(tmp_path: Path) -> None:
    source = wavelet(49)
    gradient = after(vtkGradientFilter, source)
    gradient.SetInputArrayToProcess(0, 0, 0, vtkDataObject.FIELD_ASSOCIATION_POINTS, "RTData")
    cast = after(vtkImageCast, source)
    cast.SetOutputScalarTypeToDouble()
    resized = after(vtkImageResize, source)
    resized.SetOutputDimensions(60, 60, 60)
    writer = after(vtkXMLImageDataWriter, gradient)
    writer.SetFileName(str(tmp_path / "both.vti"))
    assert writer.Write()
    both, one = vtkXMLImageDataReader(), vtkXMLImageDataReader()
    for reader in (both, one):
        reader.SetFileName(str(tmp_path / "both.vti"))
        reader.UpdateInformation()
    one.SetPointArrayStatus("Gradients", 0)
    exact = {source: 500_000, cast: 1_000_000, resized: 864_000, both: 2_000_000, one: 500_000}
    for algorithm in (*exact, gradient, after(vtkImageDataToPointSet, source)):
        algorithm.UpdateInformation()
        least = memory_guard.least_bytes(algorithm, 0)
        algorithm.Update()
        made = algorithm.GetOutputDataObject(0).GetActualMemorySize() * 1024
        assert 0 < least <= made + 1024, algorithm.GetClassName()
        assert least == exact.get(algorithm, least) and (algorithm not in exact or made - least < 2048)


@pytest.mark.usefixtures("any_size")
def test_what_only_hands_an_extent_on_is_not_counted() -> None:
    for kind in (vtkContourFilter, vtkThreshold):
        algorithm = after(kind, wavelet(49))
        algorithm.UpdateInformation()
        assert memory_guard.least_bytes(algorithm, 0) == 0


def executed(type_name: str, properties: dict[str, Any], *filters: tuple[str, dict[str, Any]]) -> Any:
    made = Pipeline()
    made.create(1, type_name, properties)
    for number, (name, values) in enumerate(filters, 2):
        made.create(number, name, values, {"Input": [(number - 1, 0)]})
    Executor().execute(made, 1 + len(filters))
    return made


def test_a_source_of_20_gb_is_refused_before_it_executes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_guard, "memory_bytes", lambda: 8e9)
    with pytest.raises(ExecutionFailed, match=r"1710 x 1710 x 1710 points take 20 GB or more, of 8 GB of memory that"):
        executed("vtkRTAnalyticSource", {"WholeExtent": [0, 1709] * 3})


def test_a_wavelet_of_4_gb_does_not_fit_into_1_gib(monkeypatch: pytest.MonkeyPatch) -> None:
    with_settings(monkeypatch, max_memory=GIB)
    wanted = r"4 GB or more, of 1 GiB of memory that each session may use \(--max-memory\)"
    with pytest.raises(ExecutionFailed, match=wanted):
        executed("vtkRTAnalyticSource", {"WholeExtent": [0, 999] * 3})
    with pytest.raises(ExecutionFailed, match=r"3\.73 GiB or more, of 1 GiB"):
        executed("Wavelet", {"WholeExtent": [0, 999] * 3})
    with pytest.raises(ExecutionFailed, match=r"vtkImageResize.*4 GB or more, of 1 GiB"):
        executed("vtkRTAnalyticSource", {}, ("vtkImageResize", {"OutputDimensions": [1000, 1000, 1000]}))


def test_what_fits_is_made_and_so_is_what_fits_after_it_did_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with_settings(monkeypatch, max_memory=64 * 1024**2)
    made = executed("Wavelet", {"WholeExtent": [0, 199] * 3})
    assert made.output_data(1).GetNumberOfPoints() == 8_000_000, "32 of 64 MiB"
    made.modify(1, {"WholeExtent": [0, 299] * 3})
    with pytest.raises(ExecutionFailed, match=r"of 0\.0625 GiB"):
        Executor().execute(made, 1)
    made.modify(1, {"WholeExtent": [0, 9] * 3})
    Executor().execute(made, 1)
    assert made.output_data(1).GetNumberOfPoints() == 1000


@pytest.mark.parametrize(
    ("code", "facts", "words"),
    [
        (0, MemoryFacts(bound=GIB, taken=GIB), None),
        (1, MemoryFacts(), None),
        (-9, MemoryFacts(bound=GIB), None),
        (-11, MemoryFacts(bound=GIB, taken=GIB // 2), None),
        (-11, MemoryFacts(taken=GIB), None),
        (71, MemoryFacts(bound=GIB), "ran out of the 1 GiB of memory that each session may use (--max-memory)"),
        (71, MemoryFacts(), "ran out of the memory that there is"),
        (-9, MemoryFacts(ended_for="it held too much"), "was ended: it held too much"),
        (-9, MemoryFacts(kernel_kills=1), "was ended by SIGKILL, probably by the system, which"),
        (-11, MemoryFacts(bound=GIB, taken=GIB), "was ended by SIGSEGV, probably because it ran out of the 1 GiB of"),
        (-6, MemoryFacts(bound=GIB, taken=GIB), "was ended by SIGABRT, probably because it ran out of the 1 GiB of"),
    ],
)
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="signals end processes on POSIX")
def test_how_a_process_ended_for_want_of_memory(code: int, facts: MemoryFacts, words: str | None) -> None:
    told = memory_reason(code, facts)
    assert told is None if words is None else (told is not None and told.startswith(words)), told


def test_who_is_ended_for_the_memory_of_all() -> None:
    small, large = Usage(1, 200 * MB), Usage(2, 700 * MB)
    assert excess([], 1, 1) is None
    assert excess([small, large], None, None) is None
    assert excess([small, large], 500 * MB, 1000 * MB) is None, "what a worker takes without data does not count"
    found = excess([small, large], 400 * MB, None)
    assert found == (large, "it held 700 MB, and each session may use 400 MB (--max-memory)")
    found = excess([small, large], None, 800 * MB)
    assert found is not None and found[0] is large
    assert found[1].startswith(
        "all sessions together held 900 MB of 800 MB (--max-total-memory), and this one the most"
    )


FORKS = """
import os, sys
held = bytearray(b"x") * 64_000_000
child = os.fork()
if child:
    print(child, flush=True)
sys.stdin.read()
if child:
    os.waitpid(child, 0)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells what a process holds")
def test_what_forked_processes_have_in_common_counts_once() -> None:
    with Program("-c", FORKS) as program:
        child = int(program.wait_for(r"(\d+)\n")[1])
        whole, part = usage(child), usage(child, shared_out=True)
        assert whole is not None and part is not None
        assert whole.bytes > 64 * MB and part.bytes < whole.bytes - 30 * MB
        program.end_input()
        assert program.wait() == 0
    assert usage(child) is None


def test_this_machine_has_memory() -> None:
    told = machine_memory()
    assert told is not None and told == psutil.virtual_memory().total


@pytest.mark.parametrize(("failed", "bytes_"), [(0, 17_179_869_184), (-1, None)])
def test_macos_is_asked_by_sysctl(failed: int, bytes_: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    class Library:
        """Answers as that of macOS does."""

        def sysctlbyname(self, name: bytes, found: Any, size: Any, new: None, new_size: Any) -> int:
            assert (name, size.contents.value, new, new_size.value) == (b"hw.memsize", 8, None, 0)
            found.contents.value = 17_179_869_184
            return failed

    monkeypatch.setattr(system_memory, "kernel", Library)
    assert machine_memory("darwin") == bytes_


@pytest.mark.parametrize(("worked", "bytes_"), [(1, 17_179_869_184), (0, None)])
def test_windows_is_asked_by_its_kernel(worked: int, bytes_: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    class Kernel:
        """Answers as kernel32 does."""

        def GlobalMemoryStatusEx(self, status: Any) -> int:
            assert status.contents.size == 64
            status.contents.physical = 17_179_869_184
            return worked

    monkeypatch.setattr(system_memory, "kernel", Kernel)
    assert machine_memory("win32") == bytes_


def test_the_limit_of_a_control_group_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(memory, "_CGROUP_LIMITS", (str(tmp_path / "missing"), str(limit)))
    for text, most in (("max\n", float("inf")), ("268435456\n", 2**28)):
        limit.write_text(text)
        memory.machine_bytes.cache_clear()
        assert memory.machine_bytes() <= most
    assert memory.machine_bytes() == 2**28
    monkeypatch.undo()
    memory.machine_bytes.cache_clear()
