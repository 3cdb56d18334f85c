"""`python -m bench`: measure, report, compare."""

from __future__ import annotations

import sys

from .cli import main

sys.exit(main())
