"""All stages in order: fetch, image, site, offline bundle."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assemble import assemble
from console import step
from fetch import fetch_all
from image import make_image
from packed import packed, packed_quickly
from paths import DIST_BUNDLE, DIST_SITE

__all__ = ["build", "build_site"]


def build_site(pack: Callable[[bytes], bytes] = packed_quickly) -> Path:
    """Make dist/site and return it; `pack` packs a file of the runtime."""
    lab = make_image(fetch_all())
    with step("putting the site together"):
        assemble(lab, pack=pack)
    return DIST_SITE


def build(pack: Callable[[bytes], bytes] = packed) -> tuple[Path, Path]:
    """Make dist/site and the double-click bundle, as small as they get unless told otherwise; return both."""
    from offline import bundle

    site = build_site(pack)
    with step("making the offline bundle"):
        bundle(site)
    return site, DIST_BUNDLE
