"""The synchronous face of a session: the same names, which block, for plain programs, notebooks and threads."""

from .blocking import Blocking
from .connection import connect
from .timeouts import timeout

__all__ = ["Blocking", "connect", "timeout"]
