"""Which rank a launcher says has died, how ranks are started, and how extents are divided among them."""

from __future__ import annotations

import pytest

from apvserver.hosting.workers.endings import ending_of_rank, how_it_ended
from apvserver.ranks.launching import LostRank, launcher, rank_that_died
from apvserver.vtk.pipeline.ranks.extents import dimensions, grown, slabs
from async_paraview.launched import Place, place_of, without_launcher
from services_core import ConfigurationError

SAID = """
===================================================================================
=   BAD TERMINATION OF ONE OF YOUR APPLICATION PROCESSES
=   PID 31545 RUNNING AT node7
=   EXIT CODE: 11
=   CLEANING UP REMAINING PROCESSES
===================================================================================
YOUR APPLICATION TERMINATED WITH THE EXIT STRING: Segmentation fault (signal 11)
"""


def test_the_rank_that_died_is_named() -> None:
    lost = rank_that_died(SAID, [(31544, "node7"), (31545, "node7")])
    assert lost == LostRank(1, 31545, "node7", -11)
    ending = ending_of_rank(lost, 2, ())
    assert how_it_ended(ending) == (
        "has lost a rank (PeerDied): rank 1 of 2, process 31545 on node7, was ended by SIGSEGV"
    )
    assert ending.is_own_fault
    assert ending.to_dict()["peer"] == {"rank": 1, "pid": 31545, "host": "node7"}


def test_an_exit_code_is_no_signal() -> None:
    lost = rank_that_died(SAID.replace("(signal 11)", ""), [(31545, "node7")])
    assert lost is not None
    assert lost.code == 11


def test_others_than_ranks_are_not_named() -> None:
    assert rank_that_died(SAID, [(1, "node7")]) is None
    assert rank_that_died("", [(31545, "node7")]) is None


def test_a_launcher_of_ones_own_is_told_how_many() -> None:
    assert launcher(4, "srun --mpi=pmi2 -n {ranks}") == ["srun", "--mpi=pmi2", "-n", "4"]
    assert launcher(3, "prun --quiet") == ["prun", "--quiet", "-n", "3"]
    with pytest.raises(ConfigurationError, match="command"):
        launcher(3, " ")


def test_a_program_knows_its_place() -> None:
    variables = {"PMI_RANK": "2", "PMI_SIZE": "4", "PATH": "/bin", "PMI_FD": "9"}
    assert place_of(variables) == Place(2, 4)
    assert place_of({"PATH": "/bin"}) is None
    assert without_launcher(variables) == {"PATH": "/bin"}


@pytest.mark.parametrize("ranks", [1, 2, 3, 7, 22])
def test_slabs_have_each_cell_once(ranks: int) -> None:
    whole = (0, 20, -15, 15, -10, 12)
    found = slabs(whole, ranks)
    assert found is not None
    assert [one[4] for one in found] == [-10, *(one[5] for one in found[:-1])]
    assert found[-1][5] == 12
    assert all(one[:4] == whole[:4] for one in found)


def test_flat_extents_are_divided_along_what_they_have() -> None:
    assert slabs((0, 20, 0, 8, 5, 5), 2) == [(0, 20, 0, 4, 5, 5), (0, 20, 4, 8, 5, 5)]
    assert slabs((0, 3, 0, 1, 0, 0), 4) is None
    assert dimensions((0, 20, 0, 8, 5, 5)) == (21, 9, 1)
    assert grown((0, 20, 0, 4, 5, 5), (0, 20, 0, 8, 5, 5), 1, 2) == (0, 20, 0, 6, 5, 5)
