"""Mappers of volumes can be described by a process that has drawn nothing yet."""

import os
import subprocess
import sys


def test_a_mapper_without_anything_drawn_before() -> None:
    """Freeing one without its part for OpenGL would end the process."""
    code = (
        "from apvserver.vtk_bridge.reflection import read_class;"
        "print(read_class('vtkUnstructuredGridVolumeZSweepMapper').definition.type_name)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "APV_CACHE_DIR": "off"},
    )
    assert (done.returncode, done.stdout.strip()) == (0, "vtkUnstructuredGridVolumeZSweepMapper")
