"""What rank 0 decides for all: what is made in pieces, and what it does with them. It orders, and the others follow."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from async_paraview.records import dataclass

from ...base.associations import POINTS
from ...base.errors import ExecutionFailed, PipelineError
from ...base.ranks import Ranks
from ...geometry.charts.bins import Bins
from ...geometry.charts.counting import Counted
from ..pieces.parts import has_parts
from ..pieces.table import Given
from ..preparation import prepared
from ..proxies import Pipeline
from ..proxy import Proxy
from .describing import describe_whole, numbers_in_common, united
from .dividing import DIVIDED, divided
from .extents import slabs
from .lines.directing import Lines
from .lines.preparing import INPUT, TRACERS, connect_piece
from .lines.tracing import Tracing
from .regions import Regions
from .rules import CELL_BY_CELL, Rule, given_in_pieces, is_added_up, rule_of
from .together import Outcome, PointsOnce, job_of, work_together
from .wholes import Wholes
from .work import PieceWork, announced_extent, has_marks, objects_of, send_data

LEAST_SCATTERED: Final = 100_000
"""Data with fewer cells is not divided for what works on it: rank 0 is as fast by itself."""

_FAR: Final = 8.0
"""See `precision`: farther from the origin, coordinates may have to be of double precision."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a proxy is made in pieces."""

    rule: Rule | None
    """None: of a source, which makes a part of its image."""
    source: int | None = None
    sums: Any = None
    """Of what is added up: that algorithm. Rank 0 has the result."""
    tracing: Tracing | None = None
    """Of lines that are handed over. Rank 0 has them in the end."""


class Team:
    """The ranks of a session, as rank 0 directs them. Belongs to the data service's thread, but for `interrupt`.

    Every call is one order, with a number; the other ranks do the same at the same time.
    """

    def __init__(self, work: PieceWork, ranks: Ranks, interrupt: Any) -> None:
        """Begin; `interrupt(number)` has the other ranks stop what they do for that order."""
        self.work = work
        self._ranks = ranks
        self._interrupt = interrupt
        self._numbers = itertools.count(1)
        self._number = 0
        self._versions = itertools.count(1)
        self._pieces: dict[int, int] = {}
        """What is there in pieces, and which version: no two of a session are alike."""
        self._scattered: dict[int, tuple[int, int]] = {}
        """What rank 0 has made and divided, and when it was made."""
        self._undivided: dict[int, tuple[int, int]] = {}
        """What cannot be divided, and when it was made."""
        self._described: dict[int, tuple[int, dict[str, Any]]] = {}
        self._wholes = Wholes(work, self.order)
        self.lines = Lines(work, ranks, self.order)
        self._shapes: dict[int, list[dict[str, Any]]] = {}
        self._fractions: dict[int, tuple[int, float]] = {}
        self._properties: dict[int, dict[str, Any]] = {}
        """Values of information properties that are about all pieces together."""
        self._added_up: set[int] = set()
        """What each rank has added up, and rank 0 has the sums of at the first output."""
        self._other_outputs: set[int] = set()
        """What could be added up, and of which other outputs were asked for: it is made of the whole from then on."""

    @property
    def size(self) -> int:
        """Return how many ranks there are."""
        return self._ranks.size

    def order(self, do: str, **fields: Any) -> None:
        """Have the other ranks do something; what that is they know by its name."""
        self._number = next(self._numbers)
        self._ranks.broadcast({"number": self._number, "do": do, **fields})

    def interrupt(self) -> None:
        """Have the other ranks stop what they execute. From any thread."""
        self._interrupt(self._number)

    def heard(self, rank: int, number: int, fraction: float) -> None:
        """Note how far a rank is with an order. From any thread."""
        self._fractions[rank] = number, fraction

    def slowest(self) -> float:
        """Return how far the rank is that is farthest behind, of those that have told of the order under way."""
        told = [fraction for number, fraction in list(self._fractions.values()) if number == self._number]
        return min(told, default=1.0)

    def forget(self, ids: Sequence[int]) -> None:
        """Forget what was deleted."""
        for id_ in ids:
            self._scattered.pop(id_, None)
            self._undivided.pop(id_, None)
            self._added_up.discard(id_)
            self._other_outputs.discard(id_)
            self.lines.forget(id_)
            self.drop(id_)

    def is_in_pieces(self, id_: int) -> bool:
        """Return whether an output is there in pieces, of which rank 0 has one."""
        return id_ in self._pieces

    def version(self, id_: int) -> int | None:
        """Return which version of an output is there in pieces; None if it is there as a whole."""
        return self._pieces.get(id_)

    def cells(self, id_: int) -> int:
        """Return how many cells all pieces of an output have."""
        return sum(int(one["cells"]) for one in self._shapes[id_])

    def size_bytes(self, id_: int) -> int:
        """Return how many bytes all pieces of an output take."""
        return 1024 * sum(int(one["memory_kib"]) for one in self._shapes[id_])

    def extract(self, id_: int, own: Callable[[], dict[str, Any]], **fields: Any) -> list[dict[str, Any]] | None:
        """Have all ranks extract what is drawn of their pieces; returns what each tells, `own()` what this one does.

        None, and none of them keeps it, where one of them says that it is not to be drawn in pieces.
        """
        self.order("extract", id=id_, **fields)
        told = self._ranks.gather(own())
        is_good = all(one["fits"] for one in told)
        self._ranks.broadcast({"good": is_good})
        return told if is_good else None

    # --- what is made in pieces

    def plan(self, pipeline: Pipeline, proxy: Proxy, time: float | None) -> Plan | None:
        """Return how a proxy whose inputs are up to date is made in pieces; None if it is made of the whole."""
        if (kind := given_in_pieces(proxy)) is not None:
            return Plan(None) if self._is_given(proxy, kind, time) else None
        if proxy.type_name in TRACERS:
            return self._plan_of_lines(proxy)
        rule, source = rule_of(proxy), _only_input(proxy)
        if source is None or self._holds_algorithms(pipeline, proxy):
            return None
        if rule is None:
            sums = is_added_up(proxy) and proxy.id not in self._other_outputs and self._is_divided(pipeline, source)
            return Plan(CELL_BY_CELL, source, proxy.instance) if sums else None
        if source not in self._pieces and not self._scatter(pipeline, source):
            return None
        if not self._takes(rule, source):
            return None
        if source in self._pieces and not self._is_usual(source):
            return None
        self._get_layers(source, rule.layers)
        return Plan(rule, source)

    def _get_layers(self, source: int, layers: int) -> None:
        """Have all ranks have so many layers of their neighbours' around their pieces."""
        if self.work.lacks_layers(source, layers):
            self.order("layers", id=source, layers=layers)
            self.work.get_layers(source, layers)

    def _is_given(self, proxy: Proxy, kind: Given, time: float | None) -> bool:
        """Return whether ranks make parts of what has no inputs."""
        if prepared(proxy, proxy.algorithms[0], time) is not None:
            return False  # what is wrong with it is told where it is made of the whole
        if kind is Given.PARTS:
            return has_parts(proxy.algorithms[0])
        extent = announced_extent(proxy)
        return extent is not None and slabs(extent, self.size) is not None

    @staticmethod
    def _holds_algorithms(pipeline: Pipeline, proxy: Proxy) -> bool:
        return any(id_ is not None and not pipeline.proxy(id_).is_object for id_ in proxy.objects.values())

    def _is_usual(self, source: int) -> bool:
        """Return whether nothing of the pieces asks for what only the whole can tell: marks, places far away."""
        shapes = self._shapes[source]
        boxes = [one["bounds"] for one in shapes if one["bounds"] is not None]
        around = united(boxes)
        return not any(one["marked"] for one in shapes) and not any(
            map(_is_far, [*boxes, *([around] if around else [])])
        )

    def _scatter(self, pipeline: Pipeline, source: int) -> bool:
        """Divide what rank 0 has made among the ranks, if it is large; whether it is divided."""
        if len(pipeline.proxy(source).composition.outputs) != 1:
            return False
        data = pipeline.output_data(source)
        if data is None or data.GetClassName() not in DIVIDED or data.GetNumberOfCells() < LEAST_SCATTERED:
            return False
        made = data.GetMTime(), data.GetUpdateTime()
        if self._scattered.get(source) == made:
            return True
        if self._undivided.get(source) == made:
            return False
        pieces = None if has_marks(data) or _is_far(data.GetBounds()) else divided(data, self.size)
        if pieces is None:
            self._undivided[source] = made
            return False
        slab = pieces[0].slab
        self.order("scatter", id=source, whole=None if slab is None else list(slab.whole))
        for rank in range(1, self.size):
            send_data(self._ranks, rank, pieces[rank].data)
        self.work.take_scattered(source, slab, pieces[0].data)
        self._scattered[source] = made
        return True

    def _takes(self, rule: Rule, source: int) -> bool:
        """Return whether a rule is right for pieces as those of a source."""
        held = self.work.held(source)
        kind = held.data.GetClassName()
        if kind in rule.takes:
            return True
        shapes = self._shapes.get(source)
        return (
            kind in rule.takes_apart
            and not held.shares_points
            and shapes is not None
            and all(one["straight"] for one in shapes)
        )

    def _is_divided(self, pipeline: Pipeline, source: int) -> bool:
        """Return whether a source is there in pieces, or was divided for another filter: for sums alone none is."""
        if source in self._pieces:
            return self._is_usual(source)
        data = pipeline.output_data(source) if source in self._scattered else None
        return data is not None and self._scattered[source] == (data.GetMTime(), data.GetUpdateTime())

    # --- adding up

    def is_added_up(self, id_: int) -> bool:
        """Return whether each rank has added up its piece for an output, which rank 0 has."""
        return id_ in self._added_up

    def asked_for(self, pipeline: Pipeline, proxy: Proxy, port: int) -> None:
        """Note which output of a proxy is wanted: of what is added up there is the first alone."""
        if proxy.id not in self._added_up or proxy.id in self._other_outputs:
            return
        users = (pipeline.proxy(id_).inputs.values() for id_ in proxy.users)
        taken = (one for inputs in users for several in inputs for one in several)
        if port or any(id_ == proxy.id and number for id_, number in taken):
            self._other_outputs.add(proxy.id)
            proxy.settled = None

    def add_up(
        self, pipeline: Pipeline, proxy: Proxy, plan: Plan, time: float | None, stopped: Callable[[], bool]
    ) -> Outcome:
        """Have each rank add up its piece for a proxy, and then rank 0's algorithm give the result when it executes."""
        assert plan.rule is not None and plan.source is not None
        self.made_of_whole(proxy.id)
        self._added_up.discard(proxy.id)
        if plan.sums.of_pieces().points_once and (problems := self._count_points_once(plan.source)):
            return Outcome(problems=problems)
        own = {"id": proxy.id, "time": time, **self._values(pipeline, proxy)}
        found = self._together("sums", plan.source, plan.sums.of_pieces().passes, stopped, **own)
        if not found.stopped and not found.problems:
            self.work.connect_piece(proxy, plan.source, plan.rule)
            plan.sums.added_up = found.job.sums
            plan.sums.Modified()
            self._added_up.add(proxy.id)
        return found

    def counted(self, id_: int, array: tuple[str, str], component: int, bins: Bins) -> Counted:
        """Return how many values of an output that is there in pieces lie in which bins.

        Raises what `count_values` raises.
        """
        if array[0] == POINTS and (problems := self._count_points_once(id_)):
            raise PipelineError("; ".join(problems))
        fields = {"association": array[0], "array": array[1], "component": component, "bins": bins.count}
        passes = 1 if bins.own is not None else 2
        found = self._together("count", id_, passes, lambda: False, own=bins.own and list(bins.own), **fields)
        if found.error is not None:
            raise found.error
        if found.problems:
            raise PipelineError("; ".join(found.problems))
        counted: Counted = found.job.sums.result()
        return counted

    def _count_points_once(self, id_: int) -> list[str]:
        """Have all ranks know which points count elsewhere; returns what went wrong."""
        if self.work.counts_once(id_):
            return []
        return self._together("points", id_, PointsOnce.passes, lambda: False).problems

    def _together(self, what: str, source: int, passes: int, stopped: Callable[[], bool], **fields: Any) -> Outcome:
        order = {"what": what, "source": source, "passes": passes, **fields}
        self.order("together", **order)
        return work_together(self._ranks, lambda: job_of(self.work, order), order, stopped)

    # --- following lines

    def _plan_of_lines(self, proxy: Proxy) -> Plan | None:
        """Return how the lines of a proxy are handed over; None if they are made of the whole."""
        self.lines.forget(proxy.id)
        source = _only(proxy.inputs.get(INPUT, ()))
        if source is None or source not in self._pieces or any(one in self._pieces for one in proxy.objects.values()):
            return None
        found = self.lines.plan(proxy, source, self.size_bytes(source), is_usual=self._is_usual(source))
        if found is None:
            return None
        tracing, layers = found
        self._get_layers(source, layers)
        return Plan(Rule(layers), source, tracing=tracing)

    def connect_lines(self, pipeline: Pipeline, proxy: Proxy, plan: Plan) -> None:
        """Have the parts of a proxy prepare rank 0's piece for its lines, and its seeds."""
        assert plan.rule is not None and plan.source is not None
        self.made_of_whole(proxy.id)
        for name, connections in proxy.inputs.items():
            if connections and name != INPUT:
                self.work.connect(proxy, name, [self._port(pipeline, *one) for one in connections])
        connect_piece(self.work, proxy, plan.source, plan.rule.layers)

    def follow(
        self,
        pipeline: Pipeline,
        proxy: Proxy,
        plan: Plan,
        time: float | None,
        stopped: Callable[[], bool],
        tell: Callable[[float], None],
    ) -> Outcome | None:
        """Have all ranks follow the lines of a proxy, the parts of which before the tracer are up to date here.

        See `Lines.follow`.
        """
        assert plan.rule is not None and plan.source is not None and plan.tracing is not None
        own = {"time": time, "layers": plan.rule.layers, **self._values(pipeline, proxy)}
        return self.lines.follow(proxy, plan.source, plan.tracing, own, stopped, tell)

    # --- making

    def begin(self, pipeline: Pipeline, proxy: Proxy, plan: Plan, time: float | None) -> None:
        """Have the other ranks make a proxy in pieces, as this one does next."""
        self.order("make", id=proxy.id, source=plan.source, time=time, **self._values(pipeline, proxy))

    @staticmethod
    def _values(pipeline: Pipeline, proxy: Proxy) -> dict[str, Any]:
        """Return what the others are to set that was taken from the whole of the inputs."""
        objects = {name: dict(one.filled) for name, one in objects_of(pipeline, proxy).items()}
        return {"filled": dict(proxy.filled), "objects": objects}

    def agree(self, proxy: Proxy, *, aborted: bool, problem: str | None) -> tuple[bool, list[str]]:
        """Return whether any rank was interrupted, and what went wrong, on any of them: all know the same."""
        shape = self.work.shape(proxy.id) if not aborted and problem is None else None
        results = self._ranks.gather({"aborted": aborted, "problem": problem, "shape": shape, "messages": []})
        problems = [
            one["problem"] if rank == 0 else f"rank {rank} of {self.size}: {one['problem']}"
            for rank, one in enumerate(results)
            if one["problem"] is not None
        ]
        stopped = any(one["aborted"] for one in results)
        good = not stopped and not problems
        self._ranks.broadcast({"good": good})
        if good:
            self._pieces[proxy.id] = next(self._versions)
            self._shapes[proxy.id] = [one["shape"] for one in results]
        else:
            self.drop(proxy.id)
        return stopped, problems

    def unite(self, proxy: Proxy, source: int, stopped: Callable[[], bool]) -> tuple[bool, list[str]]:
        """Have the regions of all pieces numbered together; returns whether a rank was interrupted, and what is wrong.

        Then there are no pieces any more, on any rank.
        """
        filter = proxy.parts["filter"]
        wanted = {
            "mode": filter.GetRegionIdAssignmentMode(),
            "kept": filter.GetExtractionMode(),
            "numbered": bool(filter.GetColorRegions()),
            "place": list(filter.GetClosestPoint()),
            "input": source,
        }
        found = self._together("regions", proxy.id, Regions.passes, stopped, **wanted)
        if found.stopped or found.problems:
            self.order("drop", id=proxy.id)
            self.drop(proxy.id)
        else:
            self._shapes[proxy.id] = found.job.shapes
            self._properties[proxy.id] = {"NumberOfExtractedRegions": found.job.count}
        return found.stopped, found.problems

    def properties(self, id_: int) -> dict[str, Any]:
        """Return the values of information properties that are about all pieces of an output."""
        return self._properties.get(id_, {})

    def made_of_whole(self, id_: int) -> None:
        """Note that rank 0 has all of what a proxy makes, which it had perhaps not before."""
        if id_ in self._pieces:
            self.order("drop", id=id_)
            self.drop(id_)
        self._described.pop(id_, None)

    def drop(self, id_: int) -> None:
        """Forget pieces that are not there any more, or not on all ranks."""
        self._pieces.pop(id_, None)
        self._described.pop(id_, None)
        self._wholes.forget(id_)
        self._shapes.pop(id_, None)
        self._properties.pop(id_, None)
        self.work.forget(id_)

    def is_empty(self, id_: int) -> bool:
        """Return whether all pieces of an output are empty."""
        return not any(one["points"] or one["cells"] for one in self._shapes[id_])

    # --- what is there

    def described(self, id_: int) -> dict[str, Any]:
        """Return the description of an output that is there in pieces, of all pieces together."""
        version = self._pieces[id_]
        known = self._described.get(id_)
        if known is None or known[0] != version:
            boxes = [one["bounds"] for one in self._shapes[id_]]
            self.order("describe", id=id_, boxes=boxes)
            own = {"piece": self.work.describe(id_), "common": self.work.common_points(id_, boxes)}
            told = self._ranks.gather(own)
            whole = describe_whole([one["piece"] for one in told], common([one["common"] for one in told]))
            known = self._described[id_] = version, whole
        return dict(known[1])

    def whole(self, id_: int) -> Any:
        """Return what gives the whole of an output that is there in pieces, as an algorithm. See `Wholes.producer`."""
        return self._wholes.producer(id_, self._pieces[id_], self._shapes[id_])

    def put_together(self, pipeline: Pipeline, proxy: Proxy) -> None:
        """Have a proxy that is made of the whole work on what its inputs are together."""
        self._added_up.discard(proxy.id)
        if getattr(proxy.instance, "added_up", None) is not None:
            proxy.instance.added_up = None
            proxy.instance.Modified()
        held = [id_ for id_ in proxy.objects.values() if id_ is not None and id_ in self._pieces]
        if held:
            raise ExecutionFailed(
                proxy.id,
                proxy.type_name,
                [f"it holds proxy {held[0]}, which is in pieces on {self.size} ranks, in a property"],
            )
        for name, connections in proxy.inputs.items():
            if connections:
                self.work.connect(proxy, name, [self._port(pipeline, *one) for one in connections])

    def _port(self, pipeline: Pipeline, id_: int, port: int) -> tuple[Any, int]:
        return (self.whole(id_), 0) if id_ in self._pieces else pipeline.output(id_, port)


def common(places: Sequence[bytes]) -> int:
    """Return how many points are there twice, from what the ranks tell of those that may be."""
    return numbers_in_common([np.frombuffer(one, np.float64).reshape(-1, 3) for one in places])


def _only_input(proxy: Proxy) -> int | None:
    return _only([one for several in proxy.inputs.values() for one in several])


def _only(connections: Sequence[tuple[int, int]]) -> int | None:
    return connections[0][0] if len(connections) == 1 and connections[0][1] == 0 else None


def _is_far(box: Sequence[float]) -> bool:
    size = sum((box[2 * axis + 1] - box[2 * axis]) ** 2 for axis in range(3)) ** 0.5
    return bool(max(map(abs, box)) > _FAR * size)
