"""`async_paraview` gives the client's names, and a server that uses the rooms below it loads no client."""

from __future__ import annotations

import subprocess
import sys

import pytest

import async_paraview
import servermanager

from ..harness.time_limits import scaled


def test_every_public_name_of_the_client_is_found() -> None:
    assert dir(async_paraview) == sorted(servermanager.__all__)
    assert [getattr(async_paraview, name) for name in servermanager.__all__] == [
        getattr(servermanager, name) for name in servermanager.__all__
    ]


def test_other_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="'Conect'"):
        async_paraview.__getattr__("Conect")
    with pytest.raises(AttributeError, match="'session'"):
        async_paraview.__getattr__("session")


def test_the_rooms_below_load_no_client() -> None:
    code = (
        "import sys, async_paraview.datasets, async_paraview.domains;"
        "print([name for name in sys.modules if 'servermanager' in name])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=scaled(60))
    assert ended.stdout == "[]\n"
