"""Predictions with other constants: how much each moves, and what a fit on some rows gives for others."""

import math
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache

from rooflab.measured import attention, device, language, networks, predict, single_kernels, training
from rooflab.measured.constants import BASES, CONSTANTS
from rooflab.measured.predict import predict_rows
from rooflab.measured.rows import published_rows

MODULES = (attention, device, language, networks, predict, single_kernels, training)
GRADED = [each for each in published_rows() if each["graded"]]
FITTED = tuple(each for each in BASES if each.kind == "fitted")


@contextmanager
def constants(values):
    try:
        for each in MODULES:
            each.K = values
        yield
    finally:
        for each in MODULES:
            each.K = CONSTANTS


def predictions(values, rows):
    with constants(values):
        return predict_rows(rows)[0]


def relative_errors(values, rows):
    found = predictions(values, rows)
    return {each["id"]: found[each["id"]] / each["measured"] - 1 for each in rows}


def loss(values, rows):
    """Mean of the absolute log errors; beyond a half a row says no more."""
    errors = relative_errors(values, rows).values()
    return sum(min(abs(math.log1p(each)), 0.5) for each in errors) / len(errors)


def refit(rows, rounds=2, points=7):
    """Move one fitted constant after the other over its range, as long as that helps `rows`."""
    values, best = CONSTANTS, loss(CONSTANTS, rows)
    for _ in range(rounds):
        for basis in FITTED:
            low, high = basis.ends
            for k in range(points):
                moved = replace(values, **{basis.name: low + (high - low) * k / (points - 1)})
                if (found := loss(moved, rows)) < best - 1e-9:
                    values, best = moved, found
    return values


def publisher(row):
    return row["source"].split(",")[0].split(" (")[0].split(" docs/")[0]


@lru_cache(maxsize=1)
def held_out_errors():
    """Errors of every row with constants fitted without any row of its publisher."""
    errors = {}
    for each in sorted({publisher(row) for row in GRADED}):
        others = [row for row in GRADED if publisher(row) != each]
        own = [row for row in GRADED if publisher(row) == each]
        errors |= relative_errors(refit(others), own)
    return errors
