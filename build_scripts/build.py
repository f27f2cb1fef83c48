"""All stages in order: fetch, image, site, offline bundle."""

from __future__ import annotations

from pathlib import Path

from assemble import assemble
from console import step
from fetch import fetch_all
from image import make_image
from paths import DIST_BUNDLE, DIST_SITE

__all__ = ["build", "build_site"]


def build_site() -> Path:
    """Make dist/site and return it."""
    lab = make_image(fetch_all())
    with step("putting the site together"):
        assemble(lab)
    return DIST_SITE


def build() -> tuple[Path, Path]:
    """Make dist/site and the double-click bundle; return both."""
    from offline import bundle

    site = build_site()
    with step("making the offline bundle"):
        bundle(site)
    return site, DIST_BUNDLE
