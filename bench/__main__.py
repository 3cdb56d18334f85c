"""`python -m bench`: measure, report, compare."""

from __future__ import annotations

from .cli import app

app(prog_name="python -m bench")
