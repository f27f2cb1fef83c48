"""Make the site that is served while its sources are watched, in build/watched; never published.

It is the lab's own site with a script that reloads the page. Where the library changed since the memory image was
taken, it has no image, and what changed is compiled without a rehearsal of the lab.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path

from assemble import assemble
from console import BuildError, say
from image import Lab, is_current, kept_lab, run_node, write_config
from library import PUBLISHED
from packed import packed_soon
from paths import IMAGE, ROOT, WATCHED

__all__ = ["OWN", "SITE", "assemble_watched", "begin", "make"]

OWN = ROOT / "build_scripts" / "watched"
SITE = WATCHED / "site"
LIBRARY = WATCHED / "library"


def begin() -> None:
    """Forget what was made for sources that were watched before."""
    shutil.rmtree(WATCHED, ignore_errors=True)


def make(version: int, *, rehearse: bool) -> None:
    """Make the site of the sources as they are; `rehearse` finds anew which modules the library must have.

    Raises:
        BuildError: something does not compile.
    """
    new = assemble_watched(_lab(rehearse), WATCHED / "next", version)
    last = WATCHED / "last"
    shutil.rmtree(last, ignore_errors=True)
    if SITE.exists():
        SITE.rename(last)
    new.rename(SITE)


def assemble_watched(lab: Lab, site: Path, version: int) -> Path:
    """Write the site of a lab with what watches in its page, and return it."""
    assemble(lab, site, worker=OWN / "worker.js", pack=packed_soon)
    shutil.copy2(OWN / "sw.js", site / "sw.js")
    _add_watch(site / "index.html", version, has_image=lab.image is not None)
    return site


def _lab(rehearse: bool) -> Lab:
    if is_current():
        return kept_lab()
    config = write_config(LIBRARY, PUBLISHED)
    pack = LIBRARY / "everything.pack"
    if not pack.exists():
        shutil.copy2(IMAGE / "everything.pack", pack)
    run_node("library.mjs" if rehearse else "update.mjs", config)
    return replace(kept_lab(), pack=pack, image=None)


def _add_watch(page: Path, version: int, *, has_image: bool) -> None:
    image = " data-image" if has_image else ""
    added = f'<link rel="stylesheet" href="watch/watch.css">\n<script src="watch/watch.js" data-version="{version}"{image}></script>\n'
    text = page.read_text()
    place = '<script src="js/early.js"'
    if place not in text:
        raise BuildError("site/index.html has no js/early.js, so it cannot be watched.")
    page.write_text(text.replace(place, added + place))


if __name__ == "__main__":
    try:
        make(int(sys.argv[1]), rehearse="rehearse" in sys.argv)
    except BuildError as error:
        say(str(error))
        sys.exit(1)
