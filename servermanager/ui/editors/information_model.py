"""What an information panel shows of an output: plain texts and numbers, made of what the server has told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from async_paraview.information import ArrayInformation, DataInformation
from async_paraview.records import dataclass

from ...model.proxy import OutputPort, SourceProxy
from ...streams import ProgressStep
from ..naming import type_label
from ..progress_observer import ProgressObserver
from .watched import Watched

_DATA_TYPES: Final = {
    "vtkImageData": "Image (Uniform Rectilinear Grid)",
    "vtkUniformGrid": "Image (Uniform Rectilinear Grid) with blanking",
    "vtkRectilinearGrid": "Rectilinear Grid", "vtkStructuredGrid": "Structured (Curvilinear) Grid",
    "vtkPolyData": "Polygonal Mesh", "vtkUnstructuredGrid": "Unstructured Grid", "vtkTable": "Table",
    "vtkMultiBlockDataSet": "Multi-block Dataset", "vtkPartitionedDataSet": "Partitioned Dataset",
    "vtkPartitionedDataSetCollection": "Partitioned Dataset Collection", "vtkHyperTreeGrid": "Hyper Tree Grid",
    "vtkOverlappingAMR": "AMR Dataset", "vtkNonOverlappingAMR": "Non-Overlapping AMR Dataset",
    "vtkMolecule": "Molecule",
    "vtkDirectedGraph": "Directed Graph", "vtkUndirectedGraph": "Undirected Graph",
}  # fmt: skip
"""What ParaView calls kinds of data."""
_AXES: Final = ("X", "Y", "Z")
_UNITS: Final = ("KiB", "MiB", "GiB", "TiB")


@dataclass(frozen=True, slots=True)
class ArrayLine:
    """An array: its association ("POINTS", "CELLS", "ROWS", "FIELD"), type, and the ranges of its components."""

    name: str
    association: str
    data_type: str
    components: int
    tuples: int
    ranges: tuple[tuple[float, float] | None, ...]
    text: str
    """The ranges as text, the components apart by commas."""


@dataclass(frozen=True, slots=True)
class InformationSheet:
    """What is known of an output. `lines` are labels and texts, `bounds` low and high along x, y and z."""

    source: str
    """The name of the proxy, and its type."""
    data_type: str
    is_current: bool
    """Whether it tells how the output is now: False where something has changed since it was executed."""
    lines: tuple[tuple[str, str], ...]
    arrays: tuple[ArrayLine, ...]
    bounds: tuple[tuple[float, float], ...] | None
    times: tuple[float, ...]
    memory_kib: int


def sheet(information: DataInformation, *, source: str = "", is_current: bool = True) -> InformationSheet:
    """Return what a panel shows of an output."""
    kind = _DATA_TYPES.get(information.data_type, information.data_type)
    bounds = information.bounds
    pairs = None if bounds is None else tuple((bounds[at], bounds[at + 1]) for at in (0, 2, 4))
    counts = (
        ("Points", information.number_of_points),
        ("Cells", information.number_of_cells),
        ("Rows", information.number_of_rows),
    )
    lines = [
        ("Type", kind),
        *((f"Number of {what.lower()}", f"{count:,}") for what, count in counts if count or what == "Points"),
        ("Memory", memory_text(information.memory_kib)),
    ]
    for axis, (low, high) in zip(_AXES, pairs or (), strict=False):
        lines.append((f"{axis} range", f"{number_text(low)} to {number_text(high)} (delta: {number_text(high - low)})"))
    if information.time_steps:
        first, last = information.time_steps[0], information.time_steps[-1]
        lines.append(("Times", f"{len(information.time_steps)}, {number_text(first)} to {number_text(last)}"))
    return InformationSheet(
        source=source,
        data_type=kind,
        is_current=is_current,
        lines=tuple(lines),
        arrays=tuple(_array_line(one) for one in information.arrays),
        bounds=pairs,
        times=tuple(information.time_steps),
        memory_kib=information.memory_kib,
    )


def memory_text(memory_kib: int) -> str:
    """Return an amount of memory in the largest unit that it fills."""
    amount, unit = float(memory_kib), _UNITS[0]
    for larger in _UNITS[1:]:
        if amount < 1024.0:
            break
        amount, unit = amount / 1024.0, larger
    return f"{amount:.4g} {unit}"


def number_text(value: float) -> str:
    """Return a number with six digits, as ParaView writes it."""
    return f"{value:.6g}"


def _array_line(array: ArrayInformation) -> ArrayLine:
    ranges = array.ranges
    text = ", ".join(
        "no number" if one is None else f"[{number_text(one[0])}, {number_text(one[1])}]" for one in ranges
    )
    return ArrayLine(
        array.name, array.association, array.data_type, array.components, array.tuples, tuple(ranges), text
    )


class InformationModel(Watched):
    """What the information panel shows: of the active source, or of one that is chosen.

    `sheet` is what is known by now, None if nothing is. Whatever is executed is asked for anew by itself; `refresh`
    executes.
    """

    def __init__(self, session: Any, progress: ProgressObserver | None = None) -> None:
        """Follow the active source of a session, and what `progress` tells of executions."""
        super().__init__()
        self._session = session
        self._output: OutputPort | None = None
        self._is_chosen = False
        self._asking: asyncio.Task[None] | None = None
        self._ends.append(session.proxies.active.watch(self._active_changed))
        self._ends.append(session.watch_proxies(self._property_changed))
        if progress is not None:
            progress.watch(self._stepped)
        self._active_changed()

    @property
    def output(self) -> OutputPort | None:
        """Return the output that it tells of."""
        return self._output

    @property
    def sheet(self) -> InformationSheet | None:
        """Return what is known of it, None if it was never executed."""
        if self._output is None:
            return None
        proxy = self._output.proxy
        found = proxy.information.get(self._output.port)
        if found is None:
            return None
        name = self._session.proxies.name_of(proxy.id)
        return sheet(found, source=f"{name} ({type_label(proxy)})", is_current=not proxy.stale)

    def show(self, output: SourceProxy | OutputPort | None) -> None:
        """Tell of one output from now on; None: of the active source."""
        self._is_chosen = output is not None
        if output is None:
            self._active_changed()
        else:
            self._become(output.port(0) if isinstance(output, SourceProxy) else output)

    def refresh(self) -> None:
        """Execute what is out of date of it, which goes on by itself; what goes wrong is `error`."""
        output = self._output
        if output is None or self._is_closed:
            return
        if self._asking is not None:
            self._asking.cancel()

        async def execute() -> None:
            await output.proxy.update_pipeline(port=output.port)
            self._tell()

        self._asking = self._start(execute)

    def _become(self, output: OutputPort | None) -> None:
        self._output, self.error = output, None
        self._tell()

    def _active_changed(self) -> None:
        if self._is_chosen or self._is_closed:
            return
        source = self._session.proxies.active.source
        self._become(source.port(0) if isinstance(source, SourceProxy) else None)

    def _property_changed(self, *_: object) -> None:
        self._tell()  # what is known may be of before

    def _stepped(self, step: ProgressStep) -> None:
        output = self._output
        if self._is_closed or output is None or step.proxy != output.proxy.id:
            return
        if step.state == "finished" and (output.proxy.stale or output.port not in output.proxy.information):
            self.refresh()  # which executes nothing that was executed just now
        else:
            self._tell()  # what is known may have come before this, which says that it is of now


def rows_of(information: InformationSheet) -> Sequence[tuple[str, str]]:
    """Return all lines of a sheet, those of arrays too."""
    return [*information.lines, *((f"{one.association} {one.name}", one.text) for one in information.arrays)]
