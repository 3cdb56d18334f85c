"""Runs in a process of its own, which may end: tries with VTK's classes what `base/facts/classes.toml` tells of them.

`all FIRST [CLASS.GETTER ...]` makes every class from that number on and calls its getters but for those; `one CLASS`
makes a class and lets it go. What is about to be done, and what warned, is told in lines of JSON.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import warnings
from collections.abc import Callable, Collection, Iterator
from typing import Any

from apvserver.vtk.base.facts import vtk_facts
from apvserver.vtk.base.vtk_messages import install
from apvserver.vtk.types import catalog, information_properties, reflection


def tell(**what: Any) -> None:
    """Say it at once: the process may end with what comes next."""
    print(json.dumps(what), flush=True)


def warned(work: Callable[[], Any]) -> tuple[Any, str]:
    """What the work returns, None if it cannot be done, and what it said of being deprecated."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            made = work()
        except (TypeError, NotImplementedError, ValueError):
            made = None
    return made, next((str(one.message) for one in caught if issubclass(one.category, DeprecationWarning)), "")


def class_named(name: str) -> Any:
    """A class of the wheel, offered or not."""
    return getattr(importlib.import_module(f"vtkmodules.{catalog._wheel()[0][name]}"), name, None)


def properties_of(cls: Any) -> Iterator[str]:
    """What would be read of instances, were nothing known of it."""
    pairs = {name for name in reflection._pairs(cls) if hasattr(cls, f"Set{name}") and hasattr(cls, f"Get{name}")}
    yield from sorted(pairs | {one.name for one in information_properties.reading_definitions(cls, frozenset())})


def try_all(first: int, skipped: Collection[str]) -> None:
    """Go through all classes; one process can go on where another has ended."""
    roots = ("vtkAlgorithm", *catalog.OBJECT_ROOTS)
    names = sorted(name for name in catalog._wheel()[0] if catalog._descends(name, roots))
    apart = vtk_facts.names("classes", "fatal", "without_a_window")
    for number, name in list(enumerate(names))[first:]:
        tell(number=number, begun=name)
        cls = class_named(name)
        if cls is None or name in apart:
            continue
        made, said = warned(cls)
        if said:
            tell(deprecated=name, said=said)
        for one in properties_of(cls) if made is not None and not said else ():
            if f"{name}.{one}" not in skipped:
                tell(number=number, begun=f"{name}.{one}")
                if warned(getattr(made, f"Get{one}"))[1]:
                    tell(warned=f"{name}.{one}")
    tell(done=len(names))


def main() -> None:
    """As the arguments say."""
    install()
    for module in (information_properties, reflection):
        module.not_to_be_read = lambda cls: frozenset()  # type: ignore[attr-defined]
    if sys.argv[1] == "all":
        try_all(int(sys.argv[2]), sys.argv[3:])
        return
    made = class_named(sys.argv[2])()
    del made
    gc.collect()
    tell(done=1)


if __name__ == "__main__":
    main()
