"""Where things lie: sources are read, everything made lies under build/ (may be deleted) or dist/ (is published)."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "site"
PYLIB = ROOT / "pylib"

BUILD = ROOT / "build"
CACHE = BUILD / "cache"
KEPT_BYTECODE = CACHE / "bytecode"
PACKED = CACHE / "packed"
VENV = BUILD / "venv"
RUNTIME = BUILD / "runtime"
DECODER = BUILD / "decoder"
TREE = BUILD / "tree"
IMAGE = BUILD / "image"
BENCH = BUILD / "bench"
WATCHED = BUILD / "watched"

DIST = ROOT / "dist"
DIST_SITE = DIST / "site"
DIST_BUNDLE = DIST / "rooflab-offline.zip"
