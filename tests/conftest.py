"""Shared by all tests: the build's own modules can be imported."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "build_scripts"))
