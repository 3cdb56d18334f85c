"""Backend over ZeroMQ: inproc, ipc and tcp, between threads, processes and machines."""

from .backend import ZmqBackend

__all__ = ["ZmqBackend"]
