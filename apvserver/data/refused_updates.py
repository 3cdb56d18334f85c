"""Updates of proxies that were refused: what they asked for is asked for again with the next change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_PARTS: Final = ("properties", "inputs", "objects")


def with_refused(refused: Mapping[str, Any], update: dict[str, Any]) -> dict[str, Any]:
    """Return an update with all that a refused one asked for and that it does not name itself.

    One that is malformed is returned as it is: whoever reads it says what is wrong.
    """
    if not (_is_well_formed(refused) and _is_well_formed(update)):
        return update
    unset = update.get("unset", [])
    named = {*unset, *(name for part in _PARTS for name in update.get(part, {}))}
    merged = dict(refused) | update
    for part in _PARTS:
        kept = {name: value for name, value in refused.get(part, {}).items() if name not in named}
        merged[part] = {**kept, **update.get(part, {})}
    merged["unset"] = [*unset, *(name for name in refused.get("unset", []) if name not in named)]
    return merged


def _is_well_formed(update: Mapping[str, Any]) -> bool:
    unset = update.get("unset", [])
    maps = all(isinstance(update.get(part, {}), dict) for part in _PARTS)
    return maps and isinstance(unset, list) and all(isinstance(name, str) for name in unset)
