"""Predictions of kernels, training and networks with other constants, over both published tables."""

import json
import math
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import rooflab.measured
from rooflab.measured import attention, gemm, networks, predict, serving_rows, single_kernels, training
from rooflab.measured.kernel_constants import KERNEL_BASES, KERNELS
from rooflab.measured.predict import predict_rows
from rooflab.measured.rows import check_rows

MODULES = (attention, gemm, networks, predict, serving_rows, single_kernels, training)
TOPICS = ("flashattention", "mfu", "sparsity", "edge", "mcu", "bandwidth", "roofline", "launch", "speculative")
FITTED = tuple(each for each in KERNEL_BASES if each.kind == "fitted")


@lru_cache(maxsize=1)
def kernel_rows():
    """Rows of both tables that are no inference of a language model."""
    rows = []
    for name in ("measured_tune.json", "measured_tune_2.json"):
        text = (Path(rooflab.measured.__file__).parent / name).read_text(encoding="utf-8")
        rows += [each for each in check_rows(json.loads(text)) if each["topic"] in TOPICS]
    return [each for each in rows if each["inputs"].get("draft_shape") is None]


def graded():
    return [each for each in kernel_rows() if each["graded"]]


@contextmanager
def constants(values):
    try:
        for each in MODULES:
            each.C = values
        yield
    finally:
        for each in MODULES:
            each.C = KERNELS


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
    values, best = KERNELS, loss(KERNELS, rows)
    for _ in range(rounds):
        for basis in FITTED:
            low, high = basis.ends
            for k in range(points):
                moved = replace(values, **{basis.name: low + (high - low) * k / (points - 1)})
                if (found := loss(moved, rows)) < best - 1e-9:
                    values, best = moved, found
    return values


def publication(row):
    return row["source"].split(",")[0].split(" (")[0].split(" docs/")[0]


@lru_cache(maxsize=1)
def held_out_errors():
    """Errors of every row with constants fitted without any row of its publication."""
    errors = {}
    for each in sorted({publication(row) for row in graded()}):
        others = [row for row in graded() if publication(row) != each]
        own = [row for row in graded() if publication(row) == each]
        errors |= relative_errors(refit(others), own)
    return errors
