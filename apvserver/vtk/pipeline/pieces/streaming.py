"""Executes in pieces, one after the other, what is too large as a whole; the results are those of the whole."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from async_paraview.vtk_imports import one_at_a_time

from ....memory import size_text
from ...base.errors import ExecutionFailed
from ..proxies import Pipeline
from ..proxy import Proxy
from .division import Division, division_of
from .runs import Runs, Sums, Wanted, failure
from .state import InPieces, collected
from .table import GHOST_LEVELS, Made, given, kinds_of, made, makes_less, needs_the_whole, not_with

if TYPE_CHECKING:
    from .passes import Passes

SURFACE: Final = "surface"
"""What is kept to be drawn of something in pieces."""
Then = Callable[["Streaming", Pipeline, Proxy, Wanted], None]
"""What is done with a proxy that was asked for, if it is in pieces."""


class Streaming:
    """Decides what is executed in pieces, and does it. It belongs to the thread that executes."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    def bring(self, pipeline: Pipeline, proxy: Proxy, wanted: Wanted) -> bool:
        """Bring a proxy up to date in pieces, if it is to be; False if it is to be executed as a whole.

        Raises ExecutionFailed for what needs a whole that there is no room for, ExecutionInterrupted.
        """
        large = _in_pieces(pipeline, proxy)
        if large:
            done = self._bring_filter(pipeline, proxy, wanted, large)
        else:
            done = _may_be_source(proxy) and self._bring_source(pipeline, proxy, wanted)
        if not done:
            pipeline.use_whole(proxy)
        return done

    def draw(self, pipeline: Pipeline, proxy: Proxy, wanted: Wanted) -> None:
        """Make one surface of the faces of all pieces of a proxy that was brought up to date; kept until it changes."""
        held = proxy.in_pieces
        assert held is not None
        if SURFACE not in held.made:
            held.made[SURFACE] = self._passes.surface(pipeline, proxy, held, wanted)

    def count(self, pipeline: Pipeline, proxy: Proxy, wanted: Wanted, *, key: Any, sums: Sums) -> None:
        """Have all pieces of a proxy that was brought up to date counted; the result is kept by the key."""
        held = proxy.in_pieces
        assert held is not None
        if key not in held.made:
            held.made[key] = self._passes.summed(pipeline, proxy, held, wanted, sums)

    def describe(self, pipeline: Pipeline, proxy: Proxy, wanted: Wanted) -> None:
        """Look through all pieces of a proxy: what they hold together is known then."""
        self._passes.describe(pipeline, proxy, wanted, brief=False)

    def whole(self, pipeline: Pipeline, proxy: Proxy, wanted: Wanted) -> None:
        """Put together what a proxy makes of pieces, if that takes some of them only. Raises ExecutionFailed."""
        held = proxy.in_pieces
        assert held is not None
        if not makes_less(_algorithms(pipeline, held.through), "sometimes"):
            why = _too_large(held.division, "cannot be had as a whole")
            raise ExecutionFailed(proxy.id, proxy.type_name, [why])  # as a whole alone: it is not remembered
        data = self._passes.whole(pipeline, proxy, held, wanted)
        pipeline.use_collected(proxy, collected(data, held.state, pipeline.proxy(held.source).instance))

    @cached_property
    def _passes(self) -> Passes:
        with one_at_a_time:
            from .passes import Passes  # late: most sessions have nothing in pieces

        return Passes(self._runs)

    # --- sources and filters

    def _bring_source(self, pipeline: Pipeline, proxy: Proxy, wanted: Wanted) -> bool:
        algorithm = proxy.algorithms[0]
        if proxy.in_pieces is not None and proxy.in_pieces.state == _state(pipeline, proxy, wanted.time):
            return True
        if proxy.settled is not None and proxy.settled.parts[0][0] == algorithm.GetMTime():
            return False  # it was not too large, and nothing has changed
        if proxy.definition.group == "readers":  # how much others would make at most is looked at where they make all
            self._runs.suit(pipeline, proxy, wanted.time, wanted.told)
        division = self._runs.work(
            pipeline, proxy, wanted.time, wanted.told, lambda: division_of(algorithm), prepare=True
        )
        if division is None:
            return False
        pipeline.use_pieces(proxy, InPieces(proxy.id, (), division, 0, _state(pipeline, proxy, wanted.time)))
        return True

    def _bring_filter(self, pipeline: Pipeline, proxy: Proxy, wanted: Wanted, large: list[tuple[str, int]]) -> bool:
        problem = _unfit(pipeline, proxy, large)
        if problem is not None:
            for _, id_ in large:
                held = pipeline.proxy(id_).in_pieces
                if held is None or not makes_less(_algorithms(pipeline, held.through), "sometimes"):
                    raise failure(self._runs, pipeline, proxy, wanted, problem)
                self.whole(pipeline, pipeline.proxy(id_), wanted)
            return False
        before = pipeline.proxy(large[0][1])
        assert before.in_pieces is not None
        self._passes.describe(pipeline, before, wanted, brief=not _asks_for_ranges(pipeline, proxy))
        self._runs.suit(pipeline, proxy, wanted.time, wanted.told)
        state = _state(pipeline, proxy, wanted.time)
        if makes_less(proxy.algorithms):
            if proxy.collected is None or proxy.collected.state != state:
                data = self._passes.reduced(pipeline, proxy, before, wanted, large[0][0])
                pipeline.use_collected(proxy, collected(data, state, pipeline.proxy(before.in_pieces.source).instance))
        elif (known := proxy.collected or proxy.in_pieces) is None or known.state != state:
            one = before.in_pieces
            ghosts = one.ghosts + sum(GHOST_LEVELS[kind] for kind in kinds_of(proxy.algorithms))
            pipeline.use_pieces(proxy, InPieces(one.source, (*one.through, proxy.id), one.division, ghosts, state))
        return True


def _in_pieces(pipeline: Pipeline, proxy: Proxy) -> list[tuple[str, int]]:
    """Return the inputs of a proxy that are in pieces: their names, and the ids of what they are connected to."""
    inputs = [(name, id_) for name, connections in proxy.inputs.items() for id_, _ in connections]
    held = [(name, id_) for name, id_ in proxy.objects.items() if id_ is not None]
    return [(name, id_) for name, id_ in (*inputs, *held) if pipeline.proxy(id_).in_pieces is not None]


def _may_be_source(proxy: Proxy) -> bool:
    return (
        len(proxy.algorithms) == 1
        and not proxy.inputs
        and not proxy.objects
        and given(proxy.algorithms[0]) is not None
        and len(proxy.composition.outputs) == 1
    )


def _unfit(pipeline: Pipeline, proxy: Proxy, large: list[tuple[str, int]]) -> str | None:
    """Return why a proxy needs the whole of an input that is in pieces; None if it does not."""
    held = pipeline.proxy(large[0][1]).in_pieces
    assert held is not None
    if (name := needs_the_whole(proxy.algorithms)) is not None:
        return _too_large(held.division, f"is not right in pieces by a {proxy.type_name} ({name})")
    if (why := not_with(proxy.algorithms, held.division.given)) is not None:
        return _too_large(held.division, f"is not right in pieces by a {proxy.type_name}, as {why}")
    if len(large) > 1 or large[0][0] not in proxy.inputs:
        return _too_large(held.division, "is in pieces at several inputs, and only one can be")
    if len(proxy.composition.outputs) != 1:
        return _too_large(held.division, "is not right in pieces for several outputs")
    kinds = kinds_of(proxy.algorithms)
    if Made.SUMS in kinds and len(kinds) > 1:
        return _too_large(held.division, f"is not added up in pieces by a {proxy.type_name}")
    if Made.SAMPLES in kinds:
        return _unfit_samples(proxy, large[0][0], held)
    return None


def _unfit_samples(proxy: Proxy, name: str, held: InPieces) -> str | None:
    sampler = next(one for one in proxy.algorithms if made(one) is Made.SAMPLES)
    part = next(key for key, one in proxy.parts.items() if one is sampler)
    if (part, 1) not in proxy.composition.inputs[name]:
        return _too_large(held.division, "gives places that are looked up, and those must be there as a whole")
    for one in proxy.algorithms:
        if type(one).__name__ == "LinePlaces" and not one.is_uniform():
            return _too_large(held.division, "has cells that are not looked for along a line: sample uniformly")
    return None


def _too_large(division: Division, problem: str) -> str:
    return (
        f"the input takes {size_text(division.bytes)} or more and is executed in {division.count} pieces (--stream), "
        f"and it {problem}. Threshold, Clip, Slice or Contour first make something smaller of it"
    )


def _algorithms(pipeline: Pipeline, ids: tuple[int, ...]) -> list[Any]:
    return [one for id_ in ids for one in pipeline.proxy(id_).algorithms]


def _asks_for_ranges(pipeline: Pipeline, proxy: Proxy) -> bool:
    """Return whether something that nobody has set depends on ranges or bounds of the input."""
    objects = [*proxy.own_objects.values(), *(pipeline.proxy(one) for one in proxy.objects.values() if one is not None)]
    entries = [(one, entry) for one in (proxy, *objects) for entry in one.composition.filled]
    asked = (one for one, entry in entries if entry["domain"]["kind"] != "arrays" and entry["name"] not in one.given)
    return (
        bool(proxy.composition.limited) or next(asked, None) is not None or Made.SAMPLES in kinds_of(proxy.algorithms)
    )


def _state(pipeline: Pipeline, proxy: Proxy, time: float | None) -> Any:
    """Return what the output of a proxy depends on that is in pieces, or made of some."""
    found: list[Any] = [time]
    for id_ in pipeline.upstream_order(proxy.id):
        one = pipeline.proxy(id_)
        found.append((id_, one.modified_time(), tuple(sorted(one.inputs.items()))))
        if not one.is_object and one.in_pieces is None and id_ != proxy.id:
            data = pipeline.output_data(id_)
            found.append((0, 0) if data is None else (data.GetMTime(), data.GetUpdateTime()))
    return found
