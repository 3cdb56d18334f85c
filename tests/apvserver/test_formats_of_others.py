"""Files of each format as programs that share no code write them: values, places and times, or a refusal with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from formats_of_fields import fields, molecules, tables
from formats_of_images import pictures, volumes
from formats_of_meshes import meshes, surfaces
from known_data import assert_holds
from written_by import WrittenBy

from apvserver.vtk_bridge.errors import VtkBridgeError

FILES = [*volumes(), *pictures(), *meshes(), *surfaces(), *fields(), *molecules(), *tables()]


@pytest.mark.parametrize("file", FILES, ids=lambda one: f"{one.format} by {one.writer}: {one.name}")
def test_what_others_write(tmp_path: Path, file: WrittenBy) -> None:
    path = tmp_path / file.name
    file.write(path)
    if file.refused:
        with pytest.raises(VtkBridgeError, match=file.refused):
            assert_holds(path, file.known, file.port)
    else:
        assert_holds(path, file.known, file.port)
