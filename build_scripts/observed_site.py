"""Make the site whose worker the benchmark can look into; the lab's own worker and files otherwise, never published."""

from __future__ import annotations

import shutil
from pathlib import Path

from assemble import bundle_script
from ordinary_site import put_worker
from paths import BENCH, ROOT, SITE

__all__ = ["make_observed"]


def make_observed(site: Path) -> Path:
    """Copy the built site with Python within reach in its worker; return the copy."""
    target = BENCH / "observed"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(site, target, ignore=shutil.ignore_patterns("sw.js"))
    stand_in = ROOT / "build_scripts" / "observed" / "pyodide.js"
    worker = bundle_script(SITE / "js" / "worker" / "worker.js", target / "js", pyodide=stand_in)
    put_worker(target, worker)
    (target / "sw.js").write_text("")  # nothing is kept: the list would not be true of this copy
    return target
