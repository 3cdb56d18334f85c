"""Series of many files are planned in a time that grows with their number, and as those of few."""

from __future__ import annotations

import time

from apvserver.vtk.files.series_steps import Piece, planned

ENOUGH_SECONDS = 10.0


def test_ten_years_of_daily_files_with_hours_are_planned_quickly() -> None:
    files = [f"{day}.nc" for day in range(3650)]
    own = {file: tuple(float(day * 24 + hour) for hour in range(24)) for day, file in enumerate(files)}
    begun = time.monotonic()
    steps = planned(files, [], [], own)
    assert time.monotonic() - begun < ENOUGH_SECONDS
    assert len(steps) == 3650 * 24
    assert steps[49.0] == [Piece("2.nc", "", 49.0)]


def test_a_file_counts_up_to_where_any_later_one_begins() -> None:
    own = {"a": (0.0, 1.0, 2.0, 3.0, 9.0), "c": (2.0, 5.0), "b": (1.0, 4.0, 8.0), "d": (2.0, 6.0)}
    steps = planned(["a", "b", "c", "d"], [], [], own)
    assert {time_: pieces[0].file for time_, pieces in steps.items()} == {0.0: "a", 1.0: "b", 2.0: "d", 6.0: "d"}


def test_thousands_of_parts_of_each_time_are_named_quickly() -> None:
    count = 2000
    files = [f"{time_}-{part}.vtu" for time_ in range(5) for part in range(count)]
    times = [float(time_) for time_ in range(5) for _ in range(count)]
    begun = time.monotonic()
    steps = planned(files, times, ["part"] * len(files), {})
    assert time.monotonic() - begun < ENOUGH_SECONDS
    assert [piece.part for piece in steps[4.0][:3]] == ["part", "part (2)", "part (3)"]
    assert len({piece.part for piece in steps[4.0]}) == count
