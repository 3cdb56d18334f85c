"""The whole table of formats and writers."""

from __future__ import annotations

from typing import Final

from .formats_of_fields import fields
from .formats_of_images import volumes
from .formats_of_meshes import meshes, surfaces
from .formats_of_molecules import molecules, tables
from .formats_of_pictures import pictures
from .written_by import WrittenBy

FILES: Final[tuple[WrittenBy, ...]] = (
    *volumes(), *pictures(), *meshes(), *surfaces(), *fields(), *molecules(), *tables(),
)  # fmt: skip
