"""The time of a PLOT3D solution: it is told, for the reader announces none."""

from pathlib import Path

from ..harness.formats_of_fields import plot3d_by_hand, plot3d_by_scipy
from ..harness.opening import leaves, opened, values


def test_a_time_that_is_not_announced_is_told(tmp_path: Path) -> None:
    for write in (plot3d_by_hand, plot3d_by_scipy):
        warnings: list[str] = []
        write(tmp_path / "a.x")
        ((_, grid),) = leaves(opened(tmp_path / "a.x", warnings=warnings))
        assert values(grid.GetFieldData(), "Properties").tolist()[:4] == [0.5, 0, 100, 2.5]
        assert any("the solution is of the time 2.5, which is not announced" in text for text in warnings)


def test_nothing_is_told_of_the_time_0(tmp_path: Path) -> None:
    warnings: list[str] = []
    plot3d_by_hand(tmp_path / "a.x")
    solution = tmp_path / "a.q"
    solution.write_text(solution.read_text().replace("0.5 0 100 2.5", "0.5 0 100 0"))
    opened(tmp_path / "a.x", warnings=warnings)
    assert warnings == []
