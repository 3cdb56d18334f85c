"""Cinema databases, specification D: a folder whose data.csv has a row for each file, with what it was made of."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Final

DATA: Final = "data.csv"
_FILE: Final = "FILE"


def file_column(path: str) -> str:
    """Return the name of the column for files like that: FILE_png."""
    name = path.replace("\\", "/").rpartition("/")[2]
    _, dot, extension = name.rpartition(".")
    return f"{_FILE}_{extension.lower()}" if dot else _FILE


def data_csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    """Return data.csv: the columns in the order in which they occur, those of files last; what a row lacks is empty."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    names.sort(key=lambda name: name.startswith(_FILE))  # the order is kept otherwise
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")
