"""Passes over the pieces of a source: each goes through filters, and something is made of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from async_paraview.records import dataclass

from ....memory import size_text
from ...algorithms.blanking import blank
from ...algorithms.sampling.samples import VALID, Samples, united
from ...algorithms.sampling.sampling import add_values
from ...base.errors import ExecutionFailed
from ...base.information import describe_data
from ...types.limits import memory_bytes
from ..proxies import Pipeline
from ..proxy import Connection, Proxy
from .borders import Neighbour, places_of
from .division import Piece
from .merging import empty_of, merged
from .piece_progress import PieceProgress
from .runs import Runs, Sums, Wanted, failure
from .shadow import close, shadow_of
from .state import InPieces
from .summary import Summary
from .table import GHOST_LEVELS, Given, Made, kinds_of, made
from .taking import GHOSTS, is_structured, mark_points, take, unmark, without_ghosts

SURFACE: Final = "ExtractSurface"
"""The type that makes of each piece what is drawn of it."""
_AT: Final = -1
"""The id of what is put behind a proxy for one pass."""


class Passes:
    """Goes through pieces for what is to be made of all of them. It belongs to the thread that executes."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    def surface(self, pipeline: Pipeline, proxy: Proxy, held: InPieces, wanted: Wanted) -> Any:
        """Return the faces of all pieces of a proxy as one surface."""
        pieces: list[Any] = []
        self._collect(pipeline, proxy, held, wanted, pieces, _Behind(proxy, SURFACE))
        return self._merged(pipeline, proxy, held, wanted, pieces, "vtkPolyData")

    def whole(self, pipeline: Pipeline, proxy: Proxy, held: InPieces, wanted: Wanted) -> Any:
        """Return all pieces of a proxy as one data set. Raises ExecutionFailed if they do not fit."""
        pieces: list[Any] = []
        self._collect(pipeline, proxy, held, wanted, pieces, None)
        return self._merged(pipeline, proxy, held, wanted, pieces, held.kind)

    def reduced(self, pipeline: Pipeline, proxy: Proxy, before: Proxy, wanted: Wanted, name: str) -> Any:
        """Return what a proxy makes of all pieces of another, which are at that input."""
        kinds, held = kinds_of(proxy.algorithms), before.in_pieces
        assert held is not None
        if Made.SUMS in kinds:
            return self.summed(pipeline, proxy, held, wanted, proxy.instance.of_pieces())
        behind = _Behind(proxy, None, (before.id, proxy.inputs[name][0][1]))
        if Made.SAMPLES in kinds:
            return self._sampled(pipeline, proxy, before, wanted, behind)
        pieces: list[Any] = []
        self._collect(pipeline, proxy, held, wanted, pieces, behind)
        return self._merged(pipeline, proxy, held, wanted, pieces, "vtkPolyData")

    def _collect(
        self,
        pipeline: Pipeline,
        proxy: Proxy,
        held: InPieces,
        wanted: Wanted,
        pieces: list[Any],
        behind: _Behind | None,
    ) -> None:
        """Make something of each piece, and keep it."""
        levels = 0 if behind is None else sum(GHOST_LEVELS[kind] for kind in behind.kinds())
        taken, progress = 0, PieceProgress(wanted.told, proxy, held.division.count)
        for piece, result in self._pieces(pipeline, proxy, held, wanted, levels, progress):
            made_of, own = result, piece.own if held.ghosts + levels and piece.own != piece.asked else None
            if behind is not None:
                faces = Made.SURFACE in behind.kinds() and piece.own is not None and is_structured(result)
                made_of = self._run_behind(pipeline, behind, held, piece, result, wanted, progress, faces=faces)
                own = None if faces else own
            job = partial(without_ghosts, made_of, own)
            one = self._runs.work(pipeline, proxy, wanted.time, progress.told, job)
            del result, made_of, job
            if one.GetNumberOfPoints():
                taken += one.GetActualMemorySize() * 1024
                pieces.append(one)
            del one
            if taken > memory_bytes():
                done = f"{piece.index + 1} of {piece.count} pieces took {size_text(taken)}"
                why = f"the result does not fit into the memory: {done}"
                if behind is None or behind.type_name is not None:
                    raise ExecutionFailed(proxy.id, proxy.type_name, [why])
                raise failure(self._runs, pipeline, proxy, wanted, why)
        progress.end()

    def _merged(
        self, pipeline: Pipeline, proxy: Proxy, held: InPieces, wanted: Wanted, pieces: list[Any], kind: str
    ) -> Any:
        shared = held.division.given is Given.BLOCKS  # parts have points of their own, in the whole as well
        if not pieces:
            return empty_of(kind)
        return self._runs.work(pipeline, proxy, wanted.time, wanted.told, lambda: merged(pieces, points_once=shared))

    def summed(self, pipeline: Pipeline, proxy: Proxy, held: InPieces, wanted: Wanted, sums: Sums) -> Any:
        """Return what all pieces add up to."""
        progress = PieceProgress(wanted.told, proxy, sums.passes * held.division.count)
        for number in range(sums.passes):
            neighbour = Neighbour()
            for piece, result in self._pieces(pipeline, proxy, held, wanted, 0, progress):
                job = partial(_add, sums, number, result, piece, held, neighbour)
                self._runs.work(pipeline, proxy, wanted.time, progress.told, job)
                del result, job
        made_of = self._runs.work(pipeline, proxy, wanted.time, wanted.told, sums.result)
        progress.end()
        return made_of

    def _sampled(self, pipeline: Pipeline, proxy: Proxy, before: Proxy, wanted: Wanted, behind: _Behind) -> Any:
        held, several, output = before.in_pieces, [], None
        assert held is not None and before.in_pieces is not None
        changes = _same_places(proxy, before.in_pieces.summary)
        progress = PieceProgress(wanted.told, proxy, held.division.count)
        for piece, result in self._pieces(pipeline, proxy, held, wanted, 0, progress):
            clean = without_ghosts(result, _own(held, piece))
            shadow = shadow_of(pipeline, [proxy.id], {behind.connection: clean}, changes)
            sampler = next(one for one in shadow.proxy(proxy.id).algorithms if made(one) is Made.SAMPLES)
            kept: list[Samples] = []
            sampler.kept = kept
            self._runs.run(shadow, shadow.proxy(proxy.id), wanted.time, progress.told)
            data = shadow.output_data(proxy.id)
            if len(kept) != 1:
                raise failure(self._runs, pipeline, proxy, wanted, "places in blocks are not looked up in pieces")
            several += kept
            if output is None:
                output = data.NewInstance()
                output.ShallowCopy(data)
            blanks = bool(sampler.value_of("MarkBlankPointsAndCells"))
            close(shadow)
            del result, clean, shadow, sampler, data
        if output is None:
            return empty_of("vtkPolyData")
        progress.end()
        return self._runs.work(
            pipeline, proxy, wanted.time, wanted.told, lambda: _with_values(output, united(several), blanks=blanks)
        )

    # --- passes

    def describe(self, pipeline: Pipeline, proxy: Proxy, wanted: Wanted, *, brief: bool) -> None:
        """Have it known what a proxy in pieces holds: of one piece if that is enough."""
        held = proxy.in_pieces
        assert held is not None
        if not brief:
            self._describe_all(pipeline, proxy, wanted)
        elif held.summary is None and held.brief is None:
            for _, result in self._pieces(pipeline, proxy, held, wanted, 0, PieceProgress(wanted.told, proxy, 0)):
                held.kind = result.GetClassName()
                held.brief = {**describe_data(result, lambda _array, _component: None), "bounds": None}
                break
            else:
                self._describe_all(pipeline, proxy, wanted)

    def _describe_all(self, pipeline: Pipeline, proxy: Proxy, wanted: Wanted) -> None:
        held = proxy.in_pieces
        assert held is not None
        if held.summary is not None:
            return
        summary, progress = Summary(held.division), PieceProgress(wanted.told, proxy, held.division.count)
        for piece, result in self._pieces(pipeline, proxy, held, wanted, 0, progress):
            held.kind = result.GetClassName()
            job = partial(_describe, summary, result, _own(held, piece))
            self._runs.work(pipeline, proxy, wanted.time, progress.told, job)
            del result, job
        held.summary = summary.result(held.kind)
        progress.end()

    def _pieces(
        self,
        pipeline: Pipeline,
        proxy: Proxy,
        held: InPieces,
        wanted: Wanted,
        levels: int,
        progress: PieceProgress,
    ) -> Iterator[tuple[Piece, Any]]:
        """Yield what each piece of the source becomes on its way, for `levels` more ghost levels than that needs.

        Who asks for the next one has let go of the last.
        """
        source = pipeline.proxy(held.source)
        for index in range(held.division.count):
            self._runs.raise_if_stopped(proxy)
            piece = held.division.piece(index, held.ghosts + levels)
            progress.begin_piece(len(held.through) + 2)
            reading = shadow_of(pipeline, [source.id], {})  # one that goes on keeps all parts
            one = reading.proxy(source.id)
            job = partial(take, one.algorithms[0], piece, wanted.time)
            data = self._runs.work(reading, one, wanted.time, progress.told, job, prepare=True)
            close(reading)
            del reading, one, job
            progress.next_part()
            if data is None:
                continue
            if not held.through:
                yield piece, data
                del data  # nothing of it stays while the next piece is read
                continue
            shadow = shadow_of(pipeline, held.through, {(held.source, 0): data})
            del data
            for id_ in held.through:
                self._runs.run(shadow, shadow.proxy(id_), wanted.time, progress.told)
                progress.next_part()
            made_of = shadow.output_data(held.through[-1])
            result = made_of.NewInstance()
            result.ShallowCopy(made_of)
            del made_of
            close(shadow)
            del shadow
            yield piece, result
            del result

    def _run_behind(
        self,
        pipeline: Pipeline,
        behind: _Behind,
        held: InPieces,
        piece: Piece,
        result: Any,
        wanted: Wanted,
        progress: PieceProgress,
        *,
        faces: bool,
    ) -> Any:
        """Return what a proxy makes of a piece as if it were the whole; of structured data its `faces` of the whole."""
        data = without_ghosts(result, piece.own) if faces else result
        id_ = behind.proxy.id
        if behind.type_name is None:
            shadow = shadow_of(pipeline, [id_], {behind.connection: data})
        else:
            shadow = shadow_of(pipeline, [], {(_AT, 0): data})
            holder = shadow.ids()[0]
            shadow.create(id_, behind.type_name, {}, {"Input": [(holder, 0)]})
        if faces and held.division.whole is not None:
            shadow.proxy(shadow.ids()[0]).instance.SetWholeExtent(*held.division.whole)
        self._runs.run(shadow, shadow.proxy(id_), wanted.time, progress.told)
        made_of = shadow.output_data(id_)
        one = made_of.NewInstance()
        one.ShallowCopy(made_of)
        close(shadow)
        if faces:
            unmark(one)
        return one


@dataclass(frozen=True)
class _Behind:
    """What makes something of each piece: a proxy, or a type that is put behind it."""

    proxy: Proxy
    type_name: str | None
    connection: Connection = (_AT, 0)

    def kinds(self) -> list[Made]:
        """Return what its parts make of pieces."""
        return [Made.SURFACE] if self.type_name is not None else kinds_of(self.proxy.algorithms)


def _own(held: InPieces, piece: Piece) -> Any:
    """Return what is to be kept of a piece, if it has ghosts; None: all."""
    return piece.own if held.ghosts and piece.own != piece.asked else None


def _add(sums: Sums, number: int, result: Any, piece: Piece, held: InPieces, neighbour: Neighbour) -> None:
    sums.add(_once(result, piece, held, neighbour), number)


def _describe(summary: Summary, result: Any, own: Any) -> None:
    summary.add(without_ghosts(result, own))


def _once(result: Any, piece: Piece, held: InPieces, neighbour: Neighbour) -> Any:
    """Return a piece without ghost cells, with marks at the points that the piece before had, too."""
    data = without_ghosts(result, _own(held, piece))
    if held.division.given is not Given.BLOCKS:
        return data
    made_of = data.NewInstance()
    made_of.ShallowCopy(data)
    mark_points(made_of, neighbour.seen(places_of(data)))
    return made_of


def _same_places(proxy: Proxy, summary: dict[str, Any] | None) -> dict[str, Any]:
    """Return what has to be set for places to be those in the whole."""
    bounds = None if summary is None else summary["bounds"]
    for one in proxy.algorithms:
        if type(one).__name__ == "SamplingImage" and one.value_of("UseInputBounds") and bounds is not None:
            return {"UseInputBounds": 0, "SamplingBounds": list(bounds)}
    return {}


def _with_values(output: Any, samples: Samples, *, blanks: bool) -> Any:
    """Put the values of all pieces in the place of those of one."""
    attributes = output.GetPointData()
    for name in (*samples.values, VALID, *([GHOSTS] if blanks else [])):
        attributes.RemoveArray(name)
    if blanks:
        output.GetCellData().RemoveArray(GHOSTS)
    rest = [attributes.GetAbstractArray(index) for index in range(attributes.GetNumberOfArrays())]
    add_values(output, samples)
    for array in rest:  # behind the values, as in the whole
        attributes.RemoveArray(array.GetName())
        attributes.AddArray(array)
    if blanks:
        blank(output, ~samples.valid)
    return output
