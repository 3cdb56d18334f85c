"""A backend of one's own: messages over TCP, by the sockets of the standard library. docs/backends.md goes through it.

python -m services_core.conformance --backend examples.socket_backend:SocketBackend
APV_COMMUNICATION_BACKEND=socket_backend:SocketBackend PYTHONPATH=examples apvpython examples/wavelet.py
"""

from .backend import SocketBackend

__all__ = ["SocketBackend"]
