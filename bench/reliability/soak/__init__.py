"""A day of a server in short, and what it lets grow of what client and server hold."""

from __future__ import annotations

from .day import MEASUREMENTS

__all__ = ["MEASUREMENTS"]
