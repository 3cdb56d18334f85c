"""Which reader of images a file is for, by its first bytes: names of files are often not those of their formats."""

from __future__ import annotations

import re
import zlib
from typing import Final

from .dicom.series import is_dicom
from .mrc import is_mrc
from .nifti import is_nifti
from .picture import needs_pillow

_MAGIC: Final[tuple[tuple[bytes, str], ...]] = (
    (b"NRRD000", "vtkNrrdReader"),
    (b"#?RADIANCE", "vtkHDRReader"),
    (b"#?RGBE", "vtkHDRReader"),
    *(
        (order + mark, "vtkTIFFReader")
        for order, mark in ((b"II", b"*\0"), (b"MM", b"\0*"), (b"II", b"+\0"), (b"MM", b"\0+"))
    ),
    (b"\x89PNG\r\n\x1a\n", "vtkPNGReader"),
)
_META: Final = re.compile(rb"^(ObjectType|NDims|Comment) *= *\S")
_ANALYZE: Final = frozenset({".hdr", ".img", ".hdr.gz", ".img.gz"})
_DICOM_OFFSET: Final = 128


def reader_of_image(path: str, head: bytes, extension: str) -> str | None:
    """Return the reader for a file that begins like one of a format of images; None if that says nothing.

    Headers of Analyze and values of a pair have no mark: their extensions decide.
    """
    for magic, reader in _MAGIC:
        if head.startswith(magic):
            return reader
    if is_dicom(head):
        return "vtkDICOMImageReader"
    if head.startswith(b"\xff\xd8\xff") and needs_pillow(path):
        return "PictureReader"
    plain = _decompressed(head) if head[:2] == b"\x1f\x8b" else head
    if is_nifti(plain) or extension in _ANALYZE:
        return "vtkNIFTIImageReader"
    if _META.match(head) and b"\nNDims" in b"\n" + head:
        return "vtkMetaImageReader"
    return "vtkMRCReader" if is_mrc(head) else None


def _decompressed(head: bytes) -> bytes:
    """Return what the first bytes of a compressed file say, as far as they go."""
    try:
        return zlib.decompressobj(47).decompress(head)
    except zlib.error:
        return b""
