"""What a mistyped name probably means."""

from __future__ import annotations

import pytest

from services_core import suggest


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("Radiuss", ["Radius", "Center"], ["Radius"]),
        ("RADIUS", ["Center", "Radius"], ["Radius"]),
        ("Sphere", ["SphereSource", "Spline", "sphere", "SPHERE"], ["sphere", "SphereSource"]),
        ("xyz", ["Radius"], []),
        (7, ["8", "7"], ["7"]),
        ("a", [], []),
    ],
)
def test_the_nearest_come_first_whatever_their_case(name: object, known: list[str], meant: list[str]) -> None:
    assert suggest(name, known) == meant
    assert suggest(name, known, most=1) == meant[:1]
