"""The options of `python -m bench`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from services_core import ConfigurationError

from . import commands

EPILOG = """\
examples:
  python -m bench transport --json new.json                 everything, in about 10 minutes
  python -m bench transport --quick --only request          a look at some scenarios
  python -m bench interactivity --backend zmq --json live.json
  python -m bench reliability --json trust.json             what sessions survive; --quick for a look
  python -m bench faces --json faces.json                   browsers, windows and notebooks, in real ones
  python -m bench scale --json scale.json                   ranks, data beyond memory, copies; --quick for a look
  python -m bench scripts                                   a script for ParaView, beside pvpython
  python -m bench figures --only volume                     figures of the gallery, beside pvpython
  python -m bench report --json live.json --json new.json   docs/benchmarks.md and its plots
  python -m bench compare old.json new.json                 what changed beyond the spread of the repetitions

`python -m bench COMMAND --help` tells the options of a command.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    made = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measure the transports against their floors and peers, and whole sessions.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    names = made.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_transport(_command(names, "transport", commands.transport))
    _add_interactivity(_command(names, "interactivity", commands.interactivity))
    reliability = _command(names, "reliability", commands.reliability)
    _add_json(reliability)
    _add_choice(reliability, "shorter outages, fewer trials: to look, not to compare")
    faces = _command(names, "faces", commands.faces)
    _add_json(faces)
    _add_choice(faces, "fewer and shorter trials: to look, not to compare")
    scale = _command(names, "scale", commands.scale)
    _add_json(scale)
    _add_choice(scale, "smaller data, fewer trials: to look, not to compare")
    scripts = _command(names, "scripts", commands.scripts)
    _add_json(scripts)
    _add_quick(scripts, "fewer repetitions: to look, not to compare")
    figures = _command(names, "figures", commands.figures)
    _add_json(figures)
    _add_choice(figures, "fewer repetitions: to look, not to compare")
    compare = _command(names, "compare", commands.compare)
    compare.add_argument("old", type=Path, help="the run before, as --json wrote it")
    compare.add_argument("new", type=Path, help="the run after")
    report = _command(names, "report", commands.report)
    report.add_argument(
        "--json",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="a run; repeatable, later runs win (default: the last of each kind)",
    )
    report.add_argument(
        "--docs",
        metavar="DIR",
        type=Path,
        default=Path("docs"),
        help="where benchmarks.md and images/ are (default: %(default)s)",
    )
    profile = _command(names, "profile", commands.profile)
    _add_backend(profile)
    _add_json(profile)
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command. Returns the exit code: 2 for what cannot be measured as it was asked for."""
    told = vars(parser().parse_args(arguments))
    run: Callable[..., int] = told.pop("run")
    try:
        return run(**told)
    except ConfigurationError as error:
        print(f"python -m bench: {error}", file=sys.stderr)
        return 2


def _command(
    names: argparse._SubParsersAction[argparse.ArgumentParser], name: str, run: Callable[..., int]
) -> argparse.ArgumentParser:
    about = (run.__doc__ or "").strip()
    made = names.add_parser(name, help=about, description=about, allow_abbrev=False)
    made.set_defaults(run=run)
    return made


def _add_transport(made: argparse.ArgumentParser) -> None:
    _add_json(made)
    _add_choice(made, "less of everything: to look, not to compare")
    _add_backend(made)
    made.add_argument(
        "--peers",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="measure the peers too, where they are installed (default: they are measured)",
    )


def _add_interactivity(made: argparse.ArgumentParser) -> None:
    _add_json(made)
    _add_choice(made, "shorter filters: to look, not to compare")
    _add_backend(made)


def _add_choice(made: argparse.ArgumentParser, quickly: str) -> None:
    _add_quick(made, quickly)
    made.add_argument("--only", metavar="TEXT", default="", help="scenarios whose name contains this (default: all)")


def _add_quick(made: argparse.ArgumentParser, quickly: str) -> None:
    made.add_argument("--quick", action=argparse.BooleanOptionalAction, default=False, help=f"{quickly} (default: all)")


def _add_backend(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--backend", metavar="NAME", action="append", default=[], help="name or module:Class; repeatable (default: all)"
    )


def _add_json(made: argparse.ArgumentParser) -> None:
    made.add_argument("--json", metavar="FILE", type=Path, help="write the results to this file")
