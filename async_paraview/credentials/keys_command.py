"""What `apvserver keys` and `apvpython keys` have in common: how subcommands are run, and those of the own pair."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from services_core import ConfigurationError

from ..programs import parsed
from ..records import dataclass
from .key_files import own_keys, renew_keys


@dataclass(frozen=True, slots=True)
class Subcommand:
    """A subcommand of `keys`: its name, what it does, and its arguments with their help, by name."""

    name: str
    help: str
    act: Callable[[argparse.Namespace], None]
    arguments: tuple[tuple[str, str], ...] = ()


def run_keys(
    program: str, side: str, arguments: Sequence[str], *, description: str, epilog: str, more: Sequence[Subcommand]
) -> int:
    """Run a subcommand that both sides have, or one of `more`.

    Returns the exit code: 2 for what the user has to mend.
    """
    parser = argparse.ArgumentParser(
        prog=f"{program} keys",
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    actions = parser.add_subparsers(metavar="COMMAND", required=True)
    show = actions.add_parser("show", help=f"print the public key of this {side}, which is made if there is none")
    show.set_defaults(act=lambda told: print(own_keys(side).public.hex()))
    new = actions.add_parser("new", help=f"make another pair for this {side}, and print its public key")
    new.add_argument(
        "--replace", action="store_true", help="say so: who knows the key of before will not know this one"
    )
    new.set_defaults(act=lambda told: _renew(side, replace=told.replace))
    for one in more:
        made = actions.add_parser(one.name, help=one.help)
        for name, what in one.arguments:
            made.add_argument(name, metavar=name.upper(), help=what)
        made.set_defaults(act=one.act)
    told = parsed(parser, arguments)
    try:
        told.act(told)
    except ConfigurationError as error:
        sys.stderr.write(f"{parser.prog}: {error}\n")
        return 2
    return 0


def _renew(side: str, *, replace: bool) -> None:
    if not replace:
        raise ConfigurationError(
            f"this {side} has the key {own_keys(side).public.hex()}, which others may know; another takes its place "
            "only with --replace"
        )
    print(renew_keys(side).public.hex())
