"""Contenders that many scenarios have in common."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from ..peers import PEERS
from ..plan import Plan
from ..running.party import FLOOR, Party
from ..running.sample import Sample
from ..scenario import Contender, Measure, Prepare, Stage
from ..subject import Subject
from ..variants import Variant

Act = Callable[[Party, float], Coroutine[Any, Any, Sample]]
"""What a party does for so many seconds."""


def subjects(
    variants: Iterable[Variant], act: Act, *, across_floor: str | None, within_floor: str | None
) -> list[Contender]:
    """Return the backends, compared with one floor if they cross processes and with another if they do not."""
    return [
        Contender(
            variant.label,
            Subject.kind,
            _prepare(("subject", variant), lambda variant=variant: Subject(variant), act),  # type: ignore[misc]
            floor=across_floor if variant.own_process else within_floor,
        )
        for variant in variants
    ]


def floors(makers: Iterable[Callable[[], Party]], act: Act) -> list[Contender]:
    """Floors; what makes one must do so cheaply, as its label is asked for."""
    contenders = []
    for make in makers:
        label = make().label
        contenders.append(Contender(label, FLOOR, _prepare(("floor", label), make, act)))
    return contenders


def peers(plan: Plan, act: Act) -> list[Contender]:
    """Return the peers, if the plan has any."""
    if not plan.peers:
        return []
    return [
        Contender(peer.label, peer.kind, _prepare(("peer", peer), peer, act), missing=peer.missing()) for peer in PEERS
    ]


def main_only(variants: Iterable[Variant]) -> list[Variant]:
    """One variant of each backend."""
    return [variant for variant in variants if variant.main]


def _prepare(key: object, make: Callable[[], Party], act: Act) -> Prepare:
    async def prepare(stage: Stage) -> Measure:
        party = await stage.party(key, make)
        return lambda seconds: act(party, seconds)

    return prepare
