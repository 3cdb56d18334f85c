"""What the programs of a session share and nothing is drawn of: whether it is as its type says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from async_paraview.names import unknown_name
from async_paraview.operations.render import UpdateShared
from async_paraview.scene.catalog import ONLY_ONE, SHARED_TYPES

LONGEST_NAME: Final = 200


class InvalidShared(ValueError):
    """A layout, or a part of an animation, that is not as its type says."""


def check_shared(update: UpdateShared) -> None:
    """Raise InvalidShared for a kind, a name, a property or a value that there is not."""
    type_ = SHARED_TYPES.get(update.kind)
    if type_ is None:
        raise InvalidShared(unknown_name("kind of shared thing", update.kind, SHARED_TYPES))
    if bool(update.name) is (update.kind in ONLY_ONE) or len(update.name) > LONGEST_NAME:
        wanted = "no name" if update.kind in ONLY_ONE else f"a name of at most {LONGEST_NAME} characters"
        raise InvalidShared(f"{update.kind} has {wanted}, not {update.name!r:.60}")
    if not isinstance(update.properties, Mapping):
        raise InvalidShared(f"properties are a map, not {update.properties!r:.60}")
    for name, value in update.properties.items():
        if name not in type_.by_name:
            raise InvalidShared(unknown_name("property", name, type_.by_name))
        try:
            type_.by_name[name].check(value)
        except ValueError as error:
            raise InvalidShared(f"{update.kind}.{name} = {value!r:.80}: {error}") from None
