"""What peers have in common: they may be missing, and their server runs in its own process."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import ClassVar

from ..running.party import PEER, Party


class Peer(Party):
    """`packages` are the distributions that it needs."""

    kind = PEER
    packages: ClassVar[tuple[str, ...]]

    @classmethod
    def missing(cls) -> str | None:
        """Why it cannot be measured here; None if it can."""
        for package in cls.packages:
            try:
                version(package)
            except PackageNotFoundError:
                return f"{package} is not installed (pip install 'async-paraview[bench-peers]')"
        return None
