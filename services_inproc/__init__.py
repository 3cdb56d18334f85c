"""Backend of one process: threads hand messages over by reference."""

from .backend import InprocBackend

__all__ = ["InprocBackend"]
