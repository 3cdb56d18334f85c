"""Ways out of a data root, each gone by a process as a worker is: files outside are neither opened nor changed.

What is opened is told by the system, whatever the reader says of it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from apvserver.confinement import landlock_abi
from bench.reliability.ways_out.going import go_all
from bench.reliability.ways_out.place import WAYS

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="what is opened is seen by Linux's inotify"
)

SEEN_BY_THE_KERNEL_ALONE = {
    "hdf_bytes_elsewhere",
    "hdf_link",
    "hdf_link_absolute",
    "hdf_link_of_a_group",
    "hdf_link_of_all",
    "hdf_link_of_values",
    "hdf_netcdf_link",
    "hdf_of_cgns",
    "hdf_of_med",
    "hdf_of_minc",
    "hdf_of_moab",
    "hdf_particles",
    "hdf_virtual",
    "openfoam_include_in_the_points",
}
"""Which names do not show, as docs/security.md says."""


def test_there_are_many_ways() -> None:
    assert len(WAYS) >= 160


@pytest.mark.skipif(landlock_abi() == 0, reason="this kernel has no Landlock")
def test_no_way_leads_out_where_the_kernel_holds(tmp_path: Path, subtests: pytest.Subtests) -> None:
    """All of them in one test, since the process that goes them starts once."""
    gone = go_all(tmp_path / "confined", confine="auto")
    for way in WAYS:
        with subtests.test(way):
            assert not gone[way].touched, gone[way].told
            assert not gone[way].crashed, "it is refused, and the process goes on"


def test_names_alone_lead_out_where_that_is_told(tmp_path: Path, subtests: pytest.Subtests) -> None:
    gone = go_all(tmp_path / "names", confine="off")
    for way in WAYS:
        with subtests.test(way):
            assert bool(gone[way].touched) == (way in SEEN_BY_THE_KERNEL_ALONE), gone[way]
            assert not gone[way].crashed


@pytest.mark.deep
def test_where_nothing_holds_most_ways_lead_out(tmp_path: Path) -> None:
    """Else the others would show nothing."""
    free = go_all(tmp_path / "free", confine="off", free=True)
    assert sum(bool(went.touched) for went in free.values()) >= 127
    assert all(free[way].touched for way in SEEN_BY_THE_KERNEL_ALONE)
