"""Print a table of ParaView's names and properties, and how many of them are here."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from async_paraview.programs import parsed
from async_paraview.scene.catalog import SCENE_TYPES
from async_paraview.scene.text import TEXT
from async_paraview.scene.types import SceneType
from servermanager import Session, connect

from .comparison import GROUPS, SHOWN, Coverage, compared
from .knobs import REASONS, KnobsOf, knobs, places
from .names import paraview_types, paraview_version


async def measured(session: Session) -> Coverage:
    """Return what the server of a session has of ParaView's names: it is asked for a definition of each of them."""
    listed: dict[str, dict[str, bool]] = {}
    for one in await session.definitions.list():
        listed.setdefault(one.group, {})[one.name] = one.curated
    curated = {name for group in GROUPS for name, is_ in listed.get(group, {}).items() if is_}
    wanted = {one.name for group in GROUPS for one in paraview_types(group)}
    properties: dict[str, frozenset[str]] = {}
    for name in sorted(curated & wanted):
        properties[name] = _names_of(await session.definitions.definition(name))
    for group in SHOWN:
        types = [one for one in SCENE_TYPES.values() if one.group == group]
        types += [TEXT] if group == "representations" else []  # which ParaView shows by a representation of its own
        known = {one.name: frozenset([*one.by_name, *one.aliases, *_inputs_of(one)]) for one in types}
        properties |= {**known, group: frozenset().union(*known.values())}
    return compared(listed, properties)


def _inputs_of(type_: SceneType) -> list[str]:
    return [one["name"] for one in type_.definition()["inputs"]]


def _names_of(definition: dict[str, Any]) -> frozenset[str]:
    older = [one for one in definition.get("older", ()) if one.get("now") or one.get("ignored")]
    return frozenset(one["name"] for one in (*definition.get("inputs", ()), *definition["properties"], *older))


def table(coverage: Coverage) -> str:
    """Return the sums as text."""
    lines = [
        f"{f'ParaView {paraview_version()}':<14} |  names |   same |   bare |  other | absent | properties of the same",
        "-" * 80,
    ]
    for one in coverage.groups:
        share = f"{one.properties_here} of {one.properties}" if one.properties else "-"
        counts = (len(one.same), len(one.bare), len(one.other), len(one.absent))
        cells = " | ".join(f"{count:>6}" for count in (one.total, *counts))
        lines.append(f"{one.group:<14} | {cells} | {share}")
    lines += ["", "used in public scripts        |   uses |   here | share", "-" * 60]
    for kind, (uses, here) in coverage.uses.items():
        lines.append(f"{kind:<29} | {uses:>6} | {here:>6} | {here / uses:.0%}")
    return "\n".join(lines)


def knobs_table(found: list[KnobsOf]) -> str:
    """Return which knobs of figures are here, and why the others are not, as text."""
    lines = ["knobs of figures | names | here | absent, and why", "-" * 80]
    for one in found:
        lines.append(f"{one.subject:<16} | {len(one.here) + len(one.absent):>5} | {len(one.here):>4} |")
        lines += [f"{'':<16} | {'':>5} | {'':>4} | {name}: {REASONS.get(name, '?')}" for _, name in one.absent]
    here, absent = sum(len(one.here) for one in found), sum(len(one.absent) for one in found)
    lines.append(f"{'all':<16} | {here + absent:>5} | {here:>4} | {here / (here + absent):.1%} are here")
    return "\n".join(lines)


def details(coverage: Coverage) -> str:
    """Return the names that are not here as text, most used first."""
    lines = []
    for one in coverage.groups:
        ways = {"bare": one.bare, "other": one.other, "absent": one.absent}
        lines += [f"{one.group}, {how}: {', '.join(sorted(names))}" for how, names in ways.items() if names]
        lines += [f"{one.group}, {name} lacks: {', '.join(missing)}" for name, missing in sorted(one.missing.items())]
    for what, counted in (("names", coverage.unused_names), ("properties", coverage.unused_properties)):
        most = sorted(counted.items(), key=lambda item: -item[1])
        lines.append(f"used {what} that are not here: " + ", ".join(f"{name} {uses}" for name, uses in most))
    return "\n".join(lines)


async def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m servermanager.coverage", description=__doc__, allow_abbrev=False)
    parser.add_argument("--details", action="store_true", help="the names that are not here as well")
    parser.add_argument("--knobs", action="store_true", help="the names by which figures are polished, and no others")
    parser.add_argument("--server-url", metavar="URL", help="the server to ask (default: built in)")
    options = parsed(parser)
    async with connect(options.server_url) as session:
        if options.knobs:
            listed = await session.definitions.list()
            print(knobs_table(knobs(places(frozenset(one.name for one in listed)))))
            return
        coverage = await measured(session)
    print(table(coverage))
    if options.details:
        print()
        print(details(coverage))


if __name__ == "__main__":
    asyncio.run(_main())
