"""What a rank keeps of what is shown, from when it was made to when rank 0 shows something newer. From any thread."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any


class KeptPieces:
    """Parts by representation and version; those before a version are forgotten when rank 0 has that."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._lock = threading.Lock()
        self._kept: dict[int, dict[int, Mapping[str, Any]]] = {}

    def keep(self, representation: int, version: int, parts: Mapping[str, Any]) -> None:
        """Keep the parts that are drawn of a representation."""
        with self._lock:
            self._kept.setdefault(representation, {})[version] = parts

    def parts(self, representation: int, version: int) -> Mapping[str, Any]:
        """Return the parts of one version. Raises KeyError if they are not there."""
        with self._lock:
            return self._kept[representation][version]

    def drop(self, representation: int, version: int) -> None:
        """Forget one version, which is not drawn in pieces."""
        with self._lock:
            of_it = self._kept.get(representation, {})
            of_it.pop(version, None)
            if not of_it:
                self._kept.pop(representation, None)

    def release(self, representation: int, version: int | None) -> None:
        """Forget what is older than a version of a representation, or, None, all of it."""
        with self._lock:
            of_it = self._kept.get(representation, {})
            for one in [one for one in of_it if version is None or one < version]:
                del of_it[one]
            if not of_it:
                self._kept.pop(representation, None)
