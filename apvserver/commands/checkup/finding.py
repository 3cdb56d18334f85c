"""What a look has found: a line of the report."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from async_paraview.records import dataclass


class Verdict(Enum):
    """How good it is."""

    FINE = "ok"
    NOTE = "note"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and what was seen; of what is not fine, with what to do."""

    what: str
    seen: str
    verdict: Verdict = Verdict.FINE

    def __str__(self) -> str:
        first, *others = without_home(self.seen).splitlines() or [""]
        line = f"{self.verdict.value:<6} {self.what:<22} {first}"
        return "\n".join([line.rstrip(), *(f"{'':<30}{other.strip()}" for other in others)])


def without_home(text: str) -> str:
    """Return `text` with the user's home directory shortened: its name is nobody else's business."""
    try:
        home = str(Path.home())
    except RuntimeError:  # there is none
        return text
    return text if home == Path(home).anchor else text.replace(home, "~")
