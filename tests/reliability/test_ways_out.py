"""Ways out of a data root, each gone by a process as a worker is: files outside are neither opened nor changed.

What is opened is told by the system, whatever the reader says of it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

import pytest

from apvserver.confinement import landlock_abi
from bench.reliability.ways_out.going import Went, go_all
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


@pytest.fixture(scope="module")
def confined(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Went]:
    return go_all(tmp_path_factory.mktemp("ways") / "confined", confine="auto")


@pytest.fixture(scope="module")
def by_names(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Went]:
    return go_all(tmp_path_factory.mktemp("ways") / "names", confine="off")


def test_there_are_many_ways() -> None:
    assert len(WAYS) >= 160


@pytest.mark.skipif(landlock_abi() == 0, reason="this kernel has no Landlock")
@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_out_where_the_kernel_holds(way: str, confined: Mapping[str, Went]) -> None:
    went = confined[way]
    assert not went.touched, went.told
    assert not went.crashed, "it is refused, and the process goes on"


@pytest.mark.parametrize("way", WAYS)
def test_names_alone_lead_out_where_that_is_told(way: str, by_names: Mapping[str, Went]) -> None:
    went = by_names[way]
    assert bool(went.touched) == (way in SEEN_BY_THE_KERNEL_ALONE), went
    assert not went.crashed


@pytest.mark.deep
def test_where_nothing_holds_most_ways_lead_out(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Else the others would show nothing."""
    free = go_all(tmp_path_factory.mktemp("ways") / "free", confine="off", free=True)
    assert sum(bool(went.touched) for went in free.values()) >= 127
    assert all(free[way].touched for way in SEEN_BY_THE_KERNEL_ALONE)
