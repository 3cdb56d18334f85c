"""`python -m bench`: measure, report, compare."""

from __future__ import annotations

import sys

try:
    from .cli import main
except ModuleNotFoundError as error:
    if error.name not in ("matplotlib", "psutil", "rich"):
        raise
    print(f"python -m bench needs {error.name}: install the group bench (pip install --group bench)", file=sys.stderr)
    sys.exit(2)

sys.exit(main())
