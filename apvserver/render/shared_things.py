"""What the programs of a session share and nothing is drawn of: whether it is as its type says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from async_paraview.names import unknown_name
from async_paraview.operations.render import DeleteShared, UpdateShared
from async_paraview.scene.catalog import ONLY_ONE, SHARED_TYPES
from async_paraview.scene.types import SceneType

LONGEST_NAME: Final = 200


class InvalidShared(ValueError):
    """A layout, or a part of an animation, that is not as its type says."""


def check_shared(update: UpdateShared) -> None:
    """Raise InvalidShared for a kind, a name, a property or a value that there is not."""
    type_ = _checked_type(update.kind, update.name)
    if not isinstance(update.properties, Mapping):
        raise InvalidShared(f"properties are a map, not {update.properties!r:.60}")
    for name, value in update.properties.items():
        if name not in type_.by_name:
            raise InvalidShared(unknown_name("property", name, type_.by_name))
        try:
            type_.by_name[name].check(value)
        except ValueError as error:
            raise InvalidShared(f"{update.kind}.{name} = {value!r:.80}: {error}") from None


def check_deleted(delete: DeleteShared) -> None:
    """Raise InvalidShared for a kind or a name that there is not, and for what a session always has one of."""
    _checked_type(delete.kind, delete.name)
    if delete.kind in ONLY_ONE:
        raise InvalidShared(f"a session always has its {delete.kind}: it is not deleted")


def _checked_type(kind: str, name: str) -> SceneType:
    type_ = SHARED_TYPES.get(kind)
    if type_ is None:
        raise InvalidShared(unknown_name("kind of shared thing", kind, SHARED_TYPES))
    if bool(name) is (kind in ONLY_ONE) or len(name) > LONGEST_NAME:
        wanted = "no name" if kind in ONLY_ONE else f"a name of at most {LONGEST_NAME} characters"
        raise InvalidShared(f"{kind} has {wanted}, not {name!r:.60}")
    return type_
