"""Numbers that are written as text: all digits come back, or it is refused, and so is what would be read as another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apvserver.vtk.base.errors import FileError
from apvserver.vtk.files.writers.writing import write_data

from ..harness.saving import array, assert_same, image, read, sphere, with_arrays


def of(values: list[float], kind: str = "float64") -> Any:
    made = image((len(values), 1, 1))
    made.GetPointData().Initialize()
    made.GetPointData().AddArray(array("some", np.array(values, kind)))
    return made


def test_text_of_xml_files_has_all_digits(tmp_path: Path) -> None:
    hard = [1 / 3, 1e300 / 7, -1e-300 / 7, np.nan, np.inf, 5e-324]
    for extension, data in ((".vti", of(hard)), (".vtp", with_arrays(sphere(OutputPointsPrecision=1)))):
        path = tmp_path / f"a{extension}"
        write_data(str(path), data, {"DataMode": "Ascii"})
        back = read(path)
        if extension == ".vtp":
            assert_same(data, back)
        else:
            assert np.array_equal(back.GetPointData().GetArray("some"), np.array(hard), equal_nan=True)


@pytest.mark.parametrize(
    ("extension", "data", "options", "words"),
    [
        (".vti", of([-np.inf]), {"DataMode": "Ascii"}, "take -inf in text for inf, and there is some in some"),
    ],
)
def test_what_text_would_change_is_refused(
    extension: str, data: Any, options: dict[str, Any], words: str, tmp_path: Path
) -> None:
    with pytest.raises(FileError, match=words):
        write_data(str(tmp_path / f"a{extension}"), data, options)
    write_data(str(tmp_path / f"a{extension}"), data, {})


def test_minus_infinity_in_the_text_of_an_xml_file_is_not_read_as_another_number(tmp_path: Path) -> None:
    """The file is right, as `xs:double` says, and so are other readers; VTK's makes inf of it."""
    path = tmp_path / "a.vti"
    write_data(str(path), of([-1.5, 2.0]), {"DataMode": "Ascii"})
    text = path.read_text()
    assert "-1.5" in text and read(path).GetNumberOfPoints() == 2
    path.write_text(text.replace("-1.5 ", "-inf "))
    with pytest.raises(FileError, match=r"there is -inf as text at byte \d+, which VTK reads as inf"):
        read(path)
    write_data(str(path), of([-np.inf]), {"DataMode": "Binary"})
    assert read(path).GetPointData().GetArray("some").GetValue(0) == -np.inf
