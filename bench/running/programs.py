"""Programs of this project that are measured from their start to their end: what they are started with."""

from __future__ import annotations

import os

from .child import ROOT


def program_environment() -> dict[str, str]:
    """Return the variables of a program that is run from here as if it were installed.

    No APV_ variable is among them. Byte code is kept, which pip makes of what it installs, and Debian of pvpython's
    modules: where the shell forbids that, each run would compile anew all that it imports, for half a second.
    """
    left = {name: text for name, text in os.environ.items() if not name.startswith("APV_")}
    left.pop("PYTHONDONTWRITEBYTECODE", None)
    return {**left, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), left.get("PYTHONPATH"))))}
