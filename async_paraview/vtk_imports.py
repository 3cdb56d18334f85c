"""VTK is imported by one thread at a time.

Its modules import each other in circles, and count what is being loaded in one place. Of two threads that begin at once
one can get a `_DeadlockError` or an IndexError, or find a module half made, and go on without it.
"""

from __future__ import annotations

import gc
import io
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import Final

one_at_a_time: Final = threading.RLock()
"""Held by whoever may be the first to import VTK: threads of services, and a client's calls that make data of VTK."""

_FEW_OBJECTS: Final = 20_000
"""So many objects, at most, stay out of the collector's sight with what is imported after them."""
_WITHOUT_AN_END: Final = frozenset(sys.stdlib_module_names) | {
    "services_core", "services_inproc", "services_zmq", "async_paraview", "servermanager", "apvserver", "apvpython",
}  # fmt: skip
"""Whose objects have nothing to do when they are freed that would be missed at the end of a program, but for these:"""
_WRITING: Final = (io.BufferedWriter, io.BufferedRandom, io.BufferedRWPair)
"""Files write what they hold when they are freed."""


class _Kept:
    is_wanted = False


def keep_what_is_imported() -> None:
    """Have `importing_all` keep what it imports out of the collector's sight for good, in a program that ends soon.

    At its end Python goes through all there is three times: a tenth of the time of a short one. What else there is at
    such an import is kept with it, cycles of it to the end of the program: nothing is kept if that is much, or any of
    it is a file that is written, or of a class of the program or of other libraries, which may have something to do
    when it is freed.
    """
    _Kept.is_wanted = True


def _may_stay() -> bool:
    """Return whether nobody would miss it if no object that there is now were looked for in cycles any more."""
    if sum(map(len, _all_objects())) > _FEW_OBJECTS:
        return False
    kinds = set(map(type, chain.from_iterable(_all_objects())))
    return not any(issubclass(kind, _WRITING) or _package_of(kind) not in _WITHOUT_AN_END for kind in kinds)


def _all_objects() -> Iterator[list[object]]:
    """Return what gives the list of all objects, once, for one call of a function in C.

    Between such calls other threads run, and the list must not be there: a tuple that one of them is making is in it,
    and Python raises SystemError ("bad argument to internal function") for one that somebody else has hold of.
    """
    return islice(iter(gc.get_objects, None), 1)


def _package_of(kind: type) -> str:
    """Return the name of a class's package, empty where it names none: `__module__` may be a property of its objects.

    So it is with the type of Cython 3.3's types, which each extension module of that version makes.
    """
    module: object = getattr(kind, "__module__", None)
    return module.partition(".")[0] if isinstance(module, str) else ""


@contextmanager
def importing_all() -> Iterator[None]:
    """Be the one, for the import of hundreds of modules, meanwhile without the collector.

    It would go through all that is imported again and again, a tenth of the time, and find nothing: modules stay. What
    there is at the end counts as old, so that it is not gone through soon after, in somebody's first picture.
    """
    with one_at_a_time:
        modules, collects = len(sys.modules), gc.isenabled()
        stays = _Kept.is_wanted and _may_stay()
        gc.disable()
        try:
            yield
        finally:
            if len(sys.modules) > modules:
                _put_aside(for_good=stays)
            if collects:
                gc.enable()


def _put_aside(*, for_good: bool) -> None:
    if for_good:
        gc.freeze()
    elif not _Kept.is_wanted and gc.get_freeze_count() == 0:  # else somebody has frozen objects for good
        gc.freeze()
        gc.unfreeze()  # into the oldest generation
