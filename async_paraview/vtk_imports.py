"""VTK is imported by one thread at a time.

Its modules import each other in circles. Two threads that begin with different ones at once can each wait for the other,
which Python ends by a `_DeadlockError` in one of them, or one finds a module half made, and goes on without it.
"""

from __future__ import annotations

import threading
from typing import Final

one_at_a_time: Final = threading.RLock()
"""Held by whoever may be the first to import VTK: threads of services, and a client's calls that make data of VTK."""
