"""What is said of a tiling, alike on screen, in the report and in the rubric."""

from rooflab.analyses.tiles import Tiles
from rooflab.lab.ledger.entries import Proposal
from rooflab.units import format_fraction, format_time

__all__ = ["CANNOT_RUN", "proposal_words", "tile_words", "tiles_words"]

CANNOT_RUN = "cannot run: it does not fit on the chip"
_NEAR_FRACTION = 0.005  # less is not told apart in whole percentages


def tile_words(tile_rows: int, tile_columns: int, splits: int) -> str:
    """Name a tiling: its tile, and into how many parts the depth goes."""
    return f"{tile_rows} × {tile_columns}" + (f", split-K {splits}" if splits > 1 else "")


def proposal_words(entry: Proposal) -> str:
    """Say how good a recorded tiling is; the first version recorded the share of the hardware that it keeps busy."""
    if not entry.score_fraction:
        return CANNOT_RUN
    if entry.version < Proposal.kind_version:
        return f"keeps {format_fraction(entry.score_fraction)} of the hardware busy"
    return _speed_words(entry.score_fraction)


def tiles_words(tiles: Tiles) -> str:
    """Say how long a tiling's kernel takes, against the fastest on offer."""
    if not tiles.fits:
        return CANNOT_RUN
    return f"takes {format_time(float(tiles.kernel_s))} and {_speed_words(float(tiles.score_fraction))}"


def _speed_words(score_fraction: float) -> str:
    if score_fraction >= 1 - _NEAR_FRACTION:
        return "is as fast as any on offer"
    return f"reaches {format_fraction(score_fraction)} of the speed of the fastest on offer"
