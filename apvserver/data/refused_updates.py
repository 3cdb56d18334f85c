"""Updates of proxies that were refused: what they asked for is asked for again with the next change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from async_paraview.operations.data import ProxyState


def with_refused(refused: ProxyState, update: ProxyState, known: Collection[str]) -> ProxyState:
    """Return an update with all that a refused update asked for and that it does not name itself.

    Names that are not among the `known` ones of the type have been told, and can never come right: they are dropped,
    so that no client can have more and more of them kept.
    """
    named = {*update.unset, *update.properties, *update.inputs, *update.objects}

    def both(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
        kept = {name for name in before if name not in named and name in known}
        return {name: value for name, value in before.items() if name in kept} | dict(now)

    return replace(
        update,
        type=update.type or refused.type,
        properties=both(refused.properties, update.properties),
        inputs=both(refused.inputs, update.inputs),
        objects=both(refused.objects, update.objects),
        unset=(*update.unset, *(name for name in refused.unset if name not in named and name in known)),
    )
