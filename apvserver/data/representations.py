"""What is shown of a pipeline: brought up to date, extracted, sent to the render service. The half with the data."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any, Final

import numpy as np

from async_paraview.datasets import EncodedDataSet, encode, split
from async_paraview.datasets.id_pairs import Pairs, distinct_pairs
from async_paraview.names import unknown_name
from async_paraview.operations.render import Geometry
from services_core import DEFAULT_LIMITS, Closed, ConnectionLost

from .. import activity
from ..heap import give_back
from ..vtk.base.associations import CELLS, POINTS, GeometryError
from ..vtk.base.errors import ExecutionFailed, PipelineError, VtkError, afresh
from ..vtk.base.information import shallow_output
from ..vtk.base.property_set import PropertySet
from ..vtk.base.values.ranges import Range
from ..vtk.base.vtk_messages import capture
from ..vtk.data.labels import NO_LABELS, label_parts
from ..vtk.data.original_ids import OriginalIds, StaleGeometry, blocks_of, values_at
from ..vtk.geometry.coarse_surface import DetailUnwanted
from ..vtk.geometry.detail_maker import DetailMaker
from ..vtk.geometry.extraction import OF_SURFACES, REDUCED
from ..vtk.geometry.extractors import EXTRACTORS, GEOMETRY
from ..vtk.pipeline.pieces.streaming import SURFACE
from ..vtk.pipeline.proxies import Pipeline
from ..vtk.pipeline.ranks.team import Team
from .drawn_pieces import (
    LEAST_IN_PIECES,
    extracted,
    facts_of_all,
    may_be_in_pieces,
    told_properties,
    with_array,
)
from .protocols import Executor, Sink

_log = logging.getLogger(__name__)

Coarser = Callable[[Callable[[], bool]], Any]

PATIENCE_S: Final = 0.25
"""For so long newer changes may keep what is shown from being brought up to date: while something moves all the time,
every so often one of its places is seen."""

MOST_HELD_BACK: Final = 1000

_LARGE_KIB: Final = 16 * 1024
"""To draw so much takes several times as much, on another thread, with a heap of its own: what filters have freed is
given back before."""
_WHOLE_PIECE_BYTES: Final = DEFAULT_LIMITS.message_bytes


@dataclass(slots=True)
class DataRepresentation:
    """One representation's data half: which output it shows, and how far that has got."""

    view: int
    source: tuple[int, int]
    properties: PropertySet
    kind: str = GEOMETRY
    """Of the view that draws it: EXTRACTORS has how it is extracted for that."""
    sent: int | None = None
    """Modification time of the output that was sent last."""
    sent_in_pieces: int | None = None
    """Which version of the pieces was extracted last, each on its rank; None: it was the whole."""
    not_in_pieces: int | None = None
    """Of which version it is known that it cannot be drawn in pieces."""
    version: int = 0
    """Counts what was extracted."""
    drawn: int = 0
    """The version that was sent to be drawn last: of what is large later, with its level of detail."""
    failure: Exception | None = None
    origins: OriginalIds | None = None
    """Made when somebody asks where what is shown of this version comes from."""
    behind_since: float | None = None
    """When bringing it up to date was first interrupted since it last succeeded."""
    color_range: Range | None = None
    """Of what was sent last."""
    remark: str | None = None
    """What is to be said of what is not drawn of it; None: nothing."""
    remarked: str | None = None
    """What was said last of how it looks."""
    refused: Exception | None = None
    """Why the properties that were asked for last are not those that are used."""


class DataRepresentations:
    """The representations of one session. Everything belongs to the data service's thread."""

    def __init__(
        self,
        pipeline: Pipeline,
        *,
        output: Callable[[int, int], tuple[Any, int]],
        executor: Executor,
        sink: Sink,
        team: Team | None = None,
        watched: Container[int] | None = None,
    ) -> None:
        """Show nothing yet; where there are several ranks, `team` directs the others.

        Levels of detail are made for views that are `watched`, as others are drawn as a whole alone; None: for all.
        """
        self._pipeline = pipeline
        self._team = team
        self._find_output = output
        self._executor = executor
        self._sink = sink
        self._shown: dict[int, DataRepresentation] = {}
        self._held_back: dict[int, VtkError] = {}
        """Why some are not extracted."""
        self._time: float | None = None
        self._watched = watched
        self._details = DetailMaker()
        self._undetailed: dict[int, Callable[[Callable[[], bool]], None]] = {}
        """Makes and sends the level of detail of what was sent without it. Not kept by what it holds: that was a cycle,
        which only Python's collector frees."""
        self._sending = threading.Lock()
        """Held while something is sent: on this thread, or on that of the details."""

    def show(
        self,
        representation: int,
        *,
        view: int,
        source: tuple[int, int],
        properties: Mapping[str, object],
        kind: str = GEOMETRY,
    ) -> None:
        """Show an output in a view of that kind from now on, extracted as the properties ask.

        What is wrong with them is raised, and again by `raise_failure_of`.
        """
        if kind not in EXTRACTORS:
            raise PipelineError(unknown_name("kind of view", kind, EXTRACTORS))
        shown = self._shown.get(representation)
        is_known = shown is not None
        if shown is None or (shown.view, shown.source, shown.kind) != (view, source, kind):
            shown = self._shown[representation] = DataRepresentation(
                view, source, EXTRACTORS[kind].properties({}), kind
            )
            self._undetailed.pop(representation, None)
        wanted, shown.refused = _checked(kind, properties, shown.properties)
        if not EXTRACTORS[kind].same(shown.properties, wanted):
            shown.sent = shown.sent_in_pieces = shown.not_in_pieces = None
            if is_known:
                self._held_back.pop(representation, None)
        shown.properties = wanted
        if shown.refused is not None:
            raise afresh(shown.refused)

    def hold_back(self, ids: Sequence[int], reason: str) -> None:
        """Extract these no more until they are shown otherwise or what they show is changed: a worker has died of them.

        They may be shown for the first time after this.
        """
        for id_ in ids[: MOST_HELD_BACK - len(self._held_back)]:
            self._held_back[id_] = PipelineError(held_back(reason))

    def release(self, is_changed: Callable[[int], bool]) -> None:
        """Extract again what shows a proxy that was changed."""
        for id_ in [one for one in self._held_back if one in self._shown and is_changed(self._shown[one].source[0])]:
            del self._held_back[id_]

    def set_time(self, time: float | None) -> None:
        """Show what is shown at that time from now on; None: what the sources give by themselves."""
        self._time = time

    def forget(self, representation: int) -> None:
        """Show it no more."""
        self._shown.pop(representation, None)
        self._held_back.pop(representation, None)
        self._undetailed.pop(representation, None)
        self._details.drop(representation)

    def forget_source(self, id_: int) -> None:
        """Show nothing of that proxy any more."""
        for representation in [key for key, shown in self._shown.items() if shown.source[0] == id_]:
            self.forget(representation)

    @property
    def any(self) -> bool:
        """Whether anything is shown."""
        return bool(self._shown)

    @property
    def any_held_back(self) -> bool:
        """Whether something is not extracted."""
        return bool(self._held_back)

    def close(self) -> None:
        """Show nothing any more."""
        self._shown.clear()
        self._undetailed.clear()
        self._details.close()

    def when_sent(self, view: int, call: Callable[[], None]) -> None:
        """Call this when all that a view shows now, or what came after that, was sent: here, or on another thread."""
        self._details.when_made([key for key, shown in self._shown.items() if shown.view == view], call)

    def make_details(self, view: int) -> None:
        """Make what is coarser of all that was sent without it to a view, which is watched now."""
        for representation, shown in self._shown.items():
            if shown.view == view and (make := self._undetailed.pop(representation, None)) is not None:
                shown.drawn = shown.version - 1  # it is sent once more, with that
                self._details.make(representation, make)

    def refresh(self, purpose: object = None) -> bool:
        """Bring all that is shown up to date and send what changed to the render service; `purpose`: see DataModel.

        False if it was interrupted and is to be tried again. A failure is kept for `raise_failure_of` and published;
        it is one of that representation alone, whatever it is.
        """
        for representation, shown in list(self._shown.items()):
            try:
                if representation in self._held_back:
                    raise afresh(self._held_back[representation])
                if not self._executor.execute_for_view(
                    shown.source, self._time, uninterrupted=_is_late(shown), purpose=purpose
                ):
                    shown.behind_since = shown.behind_since or monotonic()
                    return False
                self._send_if_changed(representation, shown)
                self._remark(shown)
                shown.failure = shown.behind_since = None
            except (Closed, ConnectionLost):  # of the render service: the session ends
                raise
            except Exception as error:
                if str(error) != str(shown.failure):
                    wanted = isinstance(error, ExecutionFailed) and error.stopped
                    self._executor.tell("information" if wanted else "error", shown.source[0], str(error))
                shown.failure = afresh(error)
        return True

    def raise_failure_of(self, view: int) -> None:
        """Raise the error of what the view should show but cannot."""
        for shown in self._shown.values():
            error = shown.refused or shown.failure
            if shown.view == view and error is not None:
                raise afresh(error)

    def origin(self, representation: int, version: int, *, cell: int | None, point: int) -> dict[str, Any]:
        """Return where something that is drawn comes from.

        That is {"id", "port", "block", "cell", "point", "cell_values", "point_values"}. Raises StaleGeometry if newer
        data is shown by now.
        """
        shown, origins = self._original_ids(representation, version)
        blocks, points = origins.of(POINTS, np.array([point]))
        cells = None if cell is None else origins.of(CELLS, np.array([cell]))[1]
        data = dict(blocks_of(self._output(shown)))[int(blocks[0])]
        found: dict[str, Any] = {"id": shown.source[0], "port": shown.source[1], "block": int(blocks[0])}
        found |= {"point": int(points[0]), "point_values": values_at(data, POINTS, int(points[0]))}
        cell_values = {} if cells is None else values_at(data, CELLS, int(cells[0]))
        return {**found, "cell": None if cells is None else int(cells[0]), "cell_values": cell_values}

    def select(self, representation: int, version: int, association: str, drawn: bytes) -> tuple[int, int, Pairs]:
        """Return what drawn points or cells (int64) come from: proxy, port, and (n, 2) of block and id, sorted."""
        shown, origins = self._original_ids(representation, version)
        ids = np.frombuffer(drawn, np.int64)
        return *shown.source, distinct_pairs(*origins.of(CELLS if association == CELLS else POINTS, ids))

    # --- inside

    def _original_ids(self, representation: int, version: int) -> tuple[DataRepresentation, OriginalIds]:
        shown = self._shown.get(representation)
        if shown is None or shown.version != version:
            raise StaleGeometry("the picture shows older data than there is now: look again")
        if shown.origins is None:
            shown.origins = OriginalIds(self._output(shown), shown.properties)
        return shown, shown.origins

    def _output(self, shown: DataRepresentation) -> Any:
        if self._pipeline.proxy(shown.source[0]).in_pieces is not None:
            raise StaleGeometry(
                "what is seen was executed in pieces (--stream), which are gone: pick in what is made of it, as a slice"
            )
        if shown.sent_in_pieces is not None and shown.sent_in_pieces != self._version_of_pieces(shown):
            raise StaleGeometry("the picture shows older data than there is now: look again")
        algorithm, number = self._find_output(*shown.source)
        if shown.sent_in_pieces is None and algorithm.GetOutputDataObject(number).GetMTime() != shown.sent:
            raise StaleGeometry("the picture shows older data than there is now: look again")
        return shallow_output(algorithm, number)

    def _shown_data(self, shown: DataRepresentation) -> tuple[Any, Callable[[], Any]]:
        """Return an output, or the surface of one in pieces, and what copies it. Raises GeometryError for the rest."""
        proxy = self._pipeline.proxy(shown.source[0])
        if proxy.in_pieces is None:
            algorithm, number = self._find_output(*shown.source)
            return algorithm.GetOutputDataObject(number), partial(shallow_output, algorithm, number)
        if shown.kind != GEOMETRY or shown.properties["Representation"] not in OF_SURFACES:
            what = shown.properties["Representation"] if shown.kind == GEOMETRY else f"a {shown.kind} view"
            raise GeometryError(
                f"{proxy} is executed in {proxy.in_pieces.division.count} pieces (--stream), and drawn by its surface, "
                f"not as {what}: show what makes something smaller of it, as Slice, Contour and ResampleToImage do"
            )
        surface = proxy.in_pieces.made[SURFACE]
        return surface, lambda: surface

    def _send_if_changed(self, representation: int, shown: DataRepresentation) -> None:
        id_ = shown.source[0]
        if self._sent_in_pieces(representation, shown):
            return
        output, copy = self._shown_data(shown)
        if shown.sent == output.GetMTime():
            return
        activity.begin(activity.EXECUTING, f"extracting what is drawn of proxy {id_}", representation=representation)
        try:
            with capture() as captured:
                data = copy()
                made = EXTRACTORS[shown.kind].extract(data, shown.properties)
                labels = label_parts(data, shown.properties) if shown.kind == GEOMETRY else NO_LABELS
        finally:
            activity.end(activity.EXECUTING)
        for report in captured.reports:
            self._executor.tell(report.severity, id_, report.text)
        if sum(part.GetActualMemorySize() for part in made.parts.values()) >= _LARGE_KIB:
            give_back()
        parts, facts = {**made.parts, **labels.parts}, {**made.to_dict(), "labels": labels.counts}
        self._send(representation, shown, parts, facts, made.coarser)
        shown.sent, shown.color_range, shown.remark = output.GetMTime(), made.color_range, made.remark or labels.remark
        shown.sent_in_pieces = None

    def _send(
        self,
        representation: int,
        shown: DataRepresentation,
        parts: Mapping[str, Any],
        facts: Mapping[str, Any],
        coarser: Coarser | None = None,
    ) -> None:
        """Send what is drawn, with what is `coarser` once that is made: on a thread of its own.

        To a view that nobody watches it is sent at once, without.
        """
        encoded = {name: encode(part) for name, part in parts.items()}  # all, or nothing is sent
        shown.version, shown.origins = shown.version + 1, None
        send = partial(self._send_encoded, representation, shown, {**facts, "version": shown.version})
        make = None if coarser is None else partial(_send_with_detail, send, encoded, coarser)
        is_watched = self._watched is None or shown.view in self._watched
        self._undetailed.pop(representation, None)
        if make is not None and is_watched:
            self._details.make(representation, make)
            return
        if make is not None:
            self._undetailed[representation] = make
        self._details.drop(representation)
        send(encoded)

    def _send_encoded(
        self,
        representation: int,
        shown: DataRepresentation,
        facts: Mapping[str, Any],
        encoded: Mapping[str, EncodedDataSet],
    ) -> None:
        """Send what is drawn, unless something newer was sent meanwhile. On this thread, or on that of the details."""
        to = partial(Geometry, representation=representation, view=shown.view, kind=shown.kind)
        with self._sending:
            if self._shown.get(representation) is not shown or facts["version"] <= shown.drawn:
                return
            shown.drawn = facts["version"]
            for name, part in encoded.items():
                for piece in split(part, piece_bytes=_WHOLE_PIECE_BYTES):
                    self._sink.send_geometry(to(part=name, piece=piece.header).packet(piece.buffers))
            self._sink.send_geometry(to(facts=facts).packet())

    # --- in pieces, each of which its rank draws

    def _version_of_pieces(self, shown: DataRepresentation) -> int | None:
        return None if self._team is None else self._team.version(shown.source[0])

    def _sent_in_pieces(self, representation: int, shown: DataRepresentation) -> bool:
        """Have each rank extract what it draws of its piece, if it is to be drawn so; whether it is."""
        team, version, id_ = self._team, self._version_of_pieces(shown), shown.source[0]
        if team is None or version is None or shown.kind != GEOMETRY or version == shown.not_in_pieces:
            return False
        if version == shown.sent_in_pieces:
            return True
        if team.cells(id_) < LEAST_IN_PIECES or not may_be_in_pieces(shown.properties):
            return False
        self._pipeline.output(*shown.source)  # there is such a port
        properties, found = told_properties(shown.properties), []

        def own() -> dict[str, Any]:
            found.append(extracted(team.work.held(id_), properties))
            return found[0].told

        activity.begin(activity.EXECUTING, f"extracting what is drawn of proxy {id_}", representation=representation)
        try:
            told = team.extract(
                id_, own, properties=properties, representation=representation, version=shown.version + 1
            )
        finally:
            activity.end(activity.EXECUTING)
        if told is None:
            shown.not_in_pieces = version
            return False
        facts = facts_of_all(told, shares_points=team.work.held(id_).shares_points)
        self._send(representation, shown, with_array(found[0].parts, told), {**facts, "labels": {}})
        found_range = facts["color_range"]
        shown.sent, shown.sent_in_pieces, shown.remark = None, version, None
        shown.color_range = None if found_range is None else (found_range[0], found_range[1])
        return True

    def _remark(self, shown: DataRepresentation) -> None:
        """Say what is to be said of how it looks, once."""
        text = shown.remark or EXTRACTORS[shown.kind].remark(shown.properties, shown.color_range)
        if text is not None and text != shown.remarked:
            self._executor.tell("warning", shown.source[0], text)
        shown.remarked = text


def _send_with_detail(
    send: Callable[[Mapping[str, EncodedDataSet]], None],
    encoded: Mapping[str, EncodedDataSet],
    coarser: Coarser,
    is_unwanted: Callable[[], bool],
) -> None:
    """Make what is coarser of what is drawn, and send both; what cannot be made is left out. Raises DetailUnwanted."""
    try:
        reduced = coarser(is_unwanted)
        parts = encoded if reduced is None else {**encoded, REDUCED: encode(reduced)}
    except DetailUnwanted:
        raise
    except Exception:  # all there is is drawn, if slowly
        _log.exception("a surface is drawn without a level of detail, which could not be made")
        parts = encoded
    with suppress(Closed, ConnectionLost):  # of the render service: the session ends
        send(parts)


def held_back(reason: str) -> str:
    """Return what is said of something that a worker has died of."""
    return (
        f"this was at work when the last worker process of this session died, and is not tried again before it, or "
        f"what it depends on, is changed, or session.restart() is called ({reason})"
    )


def _checked(kind: str, properties: Mapping[str, object], before: PropertySet) -> tuple[PropertySet, VtkError | None]:
    """Return the right properties, with those before in the place of wrong ones; and the first fault."""
    check = EXTRACTORS[kind].properties
    try:
        return check(properties), None
    except VtkError as error:
        right = {name: value for name, value in properties.items() if _is_right(check, name, value)}
        kept = {name: value for name, value in before.snapshot().items() if name in properties and name not in right}
        return check({**kept, **right}), afresh(error)


def _is_right(check: Callable[[Mapping[str, object]], PropertySet], name: str, value: object) -> bool:
    try:
        check({name: value})
    except VtkError:
        return False
    return True


def _is_late(shown: DataRepresentation) -> bool:
    return shown.behind_since is not None and monotonic() - shown.behind_since > PATIENCE_S
