"""Selectors: which parts of the assembly that a file has are read, as paths. For wrong selectors VTK reads nothing."""

from __future__ import annotations

from typing import Any, Final

from ...base.errors import InvalidProperty

METHODS: Final = ("AddSelector", "ClearSelectors", "GetSelector(self, index:int)", "GetNumberOfSelectors(self)")
"""What classes have that take selectors, and how the signatures begin: writers have selectors of several kinds."""
_ALL: Final = "/"
_MOST_TOLD: Final = 40


def read_selectors(reader: Any) -> tuple[str, ...]:
    """Return the selectors of a reader."""
    return tuple(reader.GetSelector(index) for index in range(reader.GetNumberOfSelectors()))


def write_selectors(reader: Any, selectors: tuple[str, ...]) -> None:
    """Set all selectors of a reader."""
    if read_selectors(reader) != selectors:
        reader.ClearSelectors()
        for selector in selectors:
            reader.AddSelector(selector)
        reader.Modified()


def narrowed(reader: Any) -> bool:
    """Return whether a reader is to read parts of its files only."""
    takes_them = takes_selectors(type(reader)) and not reader.GetNumberOfInputPorts()
    return takes_them and any(one != _ALL for one in read_selectors(reader))


def takes_selectors(kind: Any) -> bool:
    """Return whether algorithms of a class may be told which parts of an assembly they are to read."""
    return hasattr(kind, "GetAssembly") and hasattr(kind, "GetNumberOfSelectors")


def check_selectors(reader: Any) -> None:
    """Raise `InvalidProperty` if a selector fits nothing of the assembly, with what there is."""
    if not narrowed(reader):
        return
    wanted = [selector for selector in read_selectors(reader) if selector != _ALL]
    reader.UpdateInformation()
    assembly = reader.GetAssembly()
    if assembly is None:
        raise InvalidProperty(f"Selectors: the file has no assembly to select {', '.join(map(repr, wanted))} from")
    for selector in wanted:
        if not assembly.SelectNodes([selector]):
            nodes = assembly.GetChildNodes(0, True)
            paths = [assembly.GetNodePath(node) for node in nodes]
            told = ", ".join(paths[:_MOST_TOLD]) + (", ..." if len(paths) > _MOST_TOLD else "")
            raise InvalidProperty(f"Selectors: {selector!r} fits nothing of the assembly; it has: {told}")
