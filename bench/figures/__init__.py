"""How long figures for papers take, beside pvpython: what `python -m bench figures` measures."""

from __future__ import annotations

from .whole_process import SCENARIOS

__all__ = ["SCENARIOS"]
