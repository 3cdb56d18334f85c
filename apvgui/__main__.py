"""The `apvgui` program: its options, then a window until it is closed."""

from __future__ import annotations

import logging
import os
import sys

from async_paraview.programs import interruptible, parsed

from .command_line import parser


def main() -> None:
    """Run the console script."""
    with interruptible("apvgui"):
        _main()


def _main() -> None:
    options = parsed(parser())
    levels = (logging.WARNING, logging.INFO, logging.DEBUG)
    level = levels[min(options.verbosity, 2)]
    if options.verbosity:
        os.environ["APV_LOG"] = logging.getLevelName(level)  # for the worker of a built-in session
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("qasync").setLevel(logging.WARNING)  # it logs every turn of its loop
    try:
        from .application import run  # late: --help answers without a toolkit
    except ImportError as error:
        sys.stderr.write(
            f"apvgui: the toolkit cannot be imported: {error}; install the extra: pip install 'async-paraview[gui]' "
            "(on Debian also libegl1 libxkbcommon-x11-0 libxcb-cursor0, see docs/desktop.md)\n"
        )
        sys.exit(2)
    if not _has_screen():
        sys.stderr.write(
            "apvgui: there is no screen: neither DISPLAY nor WAYLAND_DISPLAY is set; over ssh take ssh -X, or apvweb, "
            "which shows the same in a browser elsewhere\n"
        )
        sys.exit(2)
    sys.exit(run(options))


def _has_screen() -> bool:
    """Return whether there may be a screen: without one Qt ends the process."""
    named = any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")))
    return named or not sys.platform.startswith("linux")


if __name__ == "__main__":
    main()
