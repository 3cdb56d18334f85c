"""The program of the README, as it is: the frog."""

from __future__ import annotations

from pathlib import Path

from ..harness.apvtest import ROOT, apvpython, colours, pixels


def test_quickstart_draws_the_frog(tmp_path: Path) -> None:
    picture = tmp_path / "frog.png"
    ended = apvpython(str(ROOT / "examples" / "quickstart.py"), "--output", str(picture), deadline_s=90)
    assert ended.code == 0, ended
    assert "frog.png: 800x600" in ended.output, ended
    assert "triangles of 25 tissues" in ended.output or "triangles of" in ended.output, ended
    assert "backend inproc" in ended.output.replace("\n", " "), ended
    assert "vtkSurfaceNets3D" in ended.output, "no progress bar"
    frog = pixels(picture)
    assert frog.shape == (600, 800, 3)
    assert colours(frog) > 2000  # many tissues, shaded
    background = (frog == frog[0, 0]).all(axis=2).mean()
    assert 0.2 < background < 0.9
