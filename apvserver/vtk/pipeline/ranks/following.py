"""What a rank but the first does: it follows the orders of rank 0, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ...base.ranks import Ranks
from ...base.vtk_messages import capture
from ..interrupts import Interrupts
from ..preparation import prepared
from ..proxies import Pipeline
from ..proxy import Proxy
from ..results.overflows import overflow
from ..results.unsound import unsound
from ..results.wrong_sizes import leave_out_wrong_sizes
from ..times import update
from .extents import slabs
from .held import slab_of
from .lines.handing_over import HandedOver
from .lines.preparing import connect_piece, from_fields, prepare_image
from .rules import Rule, all_regions, rule_of
from .together import Job, job_of, work_together
from .work import MOST_BYTES, PieceWork, objects_of, receive_data

Order = Mapping[str, Any]


class Following:
    """The work of one rank. Belongs to the thread that executes, but for `stop`."""

    def __init__(self, pipeline: Pipeline, ranks: Ranks, tell: Callable[[int, float], None]) -> None:
        """Begin; `tell(number, fraction)` tells rank 0 how far an order is."""
        self.work = PieceWork(pipeline, ranks)
        self._pipeline = pipeline
        self._ranks = ranks
        self._tell = tell
        self._interrupts = Interrupts()
        self._number = 0
        self._stopped = 0
        self._observed: set[int] = set()
        self._do: dict[str, Callable[[Order], None]] = {
            "make": self._make,
            "drop": lambda order: self.work.forget(order["id"]),
            "describe": self._describe,
            "give": lambda order: self.work.send_to_first(order["id"]),
            "scatter": self._scatter,
            "together": self._together,
            "lines": self._follow_lines,
            "layers": lambda order: self.work.get_layers(order["id"], order["layers"]),
        }

    def follow(self, order: Order) -> None:
        """Do what an order says. Raises KeyError for one that nobody knows."""
        self._number = order["number"]
        self._do[order["do"]](order)

    def stop(self, number: int) -> None:
        """Interrupt the work for that order, now or when it begins. From any thread."""
        self._stopped = max(self._stopped, number)
        self._interrupts.interrupt(number)

    def _make(self, order: Order) -> None:
        proxy = self._pipeline.proxy(order["id"])
        number = order["number"]
        self._interrupts.begin(number, frozenset(), [proxy.id])
        if self._stopped >= number:
            self._interrupts.interrupt(number)
        aborted, problem, shape = False, None, None
        try:
            aborted, problem = self._made(proxy, order)
            if not aborted and problem is None:
                shape = self.work.shape(proxy.id)
        except Exception as error:  # whatever it is: the others wait for this rank
            problem = f"{type(error).__name__}: {error}"
        finally:
            self._interrupts.end()
        self._ranks.gather({"aborted": aborted, "problem": problem, "shape": shape, "messages": []})
        if not self._ranks.broadcast()["good"]:
            self.work.forget(proxy.id)
            for algorithm in proxy.algorithms:
                algorithm.Modified()

    def _made(self, proxy: Proxy, order: Order) -> tuple[bool, str | None]:
        self._fill(proxy, order)
        rule = None if order["source"] is None else rule_of(proxy)
        if rule is None and order["source"] is not None:
            return False, f"{proxy} is not made in pieces here"
        if order["source"] is None:
            problem = prepared(proxy, proxy.algorithms[0], order["time"])  # before a file is looked into
            if problem is not None:
                return False, problem
        with all_regions(proxy, rule):
            return self._made_by(proxy, rule, order)

    def _made_by(self, proxy: Proxy, rule: Rule | None, order: Order) -> tuple[bool, str | None]:
        slab = self.work.prepare(proxy, rule, order["source"])
        for algorithm in proxy.algorithms:
            with capture() as captured:
                problem = prepared(proxy, algorithm, order["time"])
                if problem is None and not captured.errors:
                    if not self._interrupts.begin_algorithm(algorithm):
                        return True, None
                    self._observe(algorithm)
                    try:
                        update(algorithm, 0, order["time"], self.work.extent(slab))
                    finally:
                        aborted = self._interrupts.end_algorithm(algorithm)
                    if aborted:
                        return True, None
            problem = problem or "; ".join([*captured.errors, *unsound(algorithm)]) or None
            if problem is not None:
                return False, problem
            leave_out_wrong_sizes(algorithm)  # rank 0 tells of it
        if (why := overflow(self._pipeline, proxy, told=False)) is not None:
            return False, why
        self.work.keep(proxy, rule, order["source"], slab)
        return self._interrupts.stopped, None

    def _observe(self, algorithm: Any) -> None:
        if id(algorithm) not in self._observed:
            self._observed.add(id(algorithm))
            algorithm.AddObserver("ProgressEvent", self._progress)

    def _progress(self, algorithm: Any, _event: str) -> None:
        self._tell(self._number, algorithm.GetProgress())

    def _fill(self, proxy: Proxy, order: Order) -> None:
        """Set what rank 0 has taken from the whole of the inputs."""
        if dict(proxy.filled) != order["filled"]:
            self._pipeline.fill(proxy, order["filled"])
        for name, values in order["objects"].items():
            held = objects_of(self._pipeline, proxy)[name]
            if dict(held.filled) != values:
                self._pipeline.fill(held, values)
                for part in proxy.algorithms:
                    part.Modified()

    def _together(self, order: Order) -> None:
        def make() -> Job:
            if order["what"] == "sums":
                self._fill(self._pipeline.proxy(order["id"]), order)
            return job_of(self.work, order)

        number = order["number"]
        work_together(self._ranks, make, order, lambda: self._stopped >= number)

    def _follow_lines(self, order: Order) -> None:
        """Follow the lines that come through this rank's piece, with the others."""
        proxy, number = self._pipeline.proxy(order["id"]), order["number"]

        def make() -> HandedOver:
            self._fill(proxy, order)
            connect_piece(self.work, proxy, order["source"], order["layers"])
            image, slab = prepare_image(proxy, order["time"]), self.work.held(order["source"]).slab
            assert slab is not None  # rank 0 has looked
            tell = partial(self._tell, number)
            return HandedOver(image, slab, self._ranks.rank, *from_fields(order), stopped=stopped, tell=tell)

        def stopped() -> bool:
            return bool(self._stopped >= number)

        work_together(self._ranks, make, order, stopped)

    def _describe(self, order: Order) -> None:
        id_ = order["id"]
        self._ranks.gather({"piece": self.work.describe(id_), "common": self.work.common_points(id_, order["boxes"])})

    def _scatter(self, order: Order) -> None:
        slab = None
        if order["whole"] is not None:
            pieces = slabs(order["whole"], self._ranks.size)
            assert pieces is not None  # rank 0 has looked
            slab = slab_of(order["whole"], pieces[self._ranks.rank], self._ranks.size)
        self.work.take_scattered(order["id"], slab, receive_data(self._ranks, 0, MOST_BYTES))
