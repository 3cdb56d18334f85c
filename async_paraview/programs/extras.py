"""What is installed by an extra of the package, and what to tell who has not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def needs_extra(extra: str) -> Iterator[None]:
    """Import in its body what an extra brings. Raises ModuleNotFoundError, which names the extra."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            f"{error}: pip install 'async-paraview[{extra}]' brings it", name=error.name
        ) from None
