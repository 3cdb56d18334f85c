"""How long scripts for ParaView take, beside pvpython: what `python -m bench scripts` measures."""

from __future__ import annotations

from .wall_time import SCENARIOS

__all__ = ["SCENARIOS"]
