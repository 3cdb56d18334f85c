"""Whether what is imported may be kept is found out beside threads that work."""

from __future__ import annotations

import subprocess
import sys

from ..harness.time_limits import scaled

LOOKS = 10
BESIDE = f"""
import sys, threading
from async_paraview import vtk_imports

sys.setswitchinterval(1e-6)
kept = []
look = threading.Thread(target=lambda: kept.extend(vtk_imports._may_stay() for _ in range({LOOKS})))
look.start()
made = 0
while look.is_alive() or made < 1000:
    assert len(tuple(number for number in range(30))) == 30
    made += 1
look.join()
print(len(kept))
"""


def test_tuples_can_be_made_meanwhile() -> None:
    """Python raises SystemError for a tuple that is being made while another thread has the list of all objects."""
    done = subprocess.run([sys.executable, "-c", BESIDE], capture_output=True, text=True, timeout=scaled(60))
    assert done.stdout == f"{LOOKS}\n", done.stderr
