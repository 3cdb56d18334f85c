"""Makes the harness, and the cases of other files here, importable, however pytest is started."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "harness"))
sys.path.append(str(Path(__file__).resolve().parent))
