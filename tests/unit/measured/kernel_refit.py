"""Predictions of kernels, training and networks with other constants, over both published tables."""

from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache

from rooflab.measured import attention, gemm, networks, predict, serving_rows, single_kernels, training
from rooflab.measured.kernel_constants import KERNEL_BASES, KERNELS
from rooflab.measured.predict import predict_rows
from rooflab.measured.rows import published_rows
from tests.unit.measured import fitting

MODULES = (attention, gemm, networks, predict, serving_rows, single_kernels, training)
TOPICS = ("flashattention", "mfu", "sparsity", "edge", "mcu", "bandwidth", "roofline", "launch", "speculative")
FITTED = tuple(each for each in KERNEL_BASES if each.kind == "fitted")


@lru_cache(maxsize=1)
def kernel_rows():
    """Rows of both tables that are no inference of a language model."""
    rows = [each for each in published_rows() if each["topic"] in TOPICS]
    return [each for each in rows if each["inputs"].get("draft_shape") is None]


def graded():
    return [each for each in kernel_rows() if each["graded"]]


@contextmanager
def constants(**values):
    try:
        for each in MODULES:
            each.C = replace(KERNELS, **values)
        yield
    finally:
        for each in MODULES:
            each.C = KERNELS


def predictions(rows, **values):
    with constants(**values):
        return predict_rows(rows)[0]


def relative_errors(rows, **values):
    found = predictions(rows, **values)
    return {each["id"]: found[each["id"]] / each["measured"] - 1 for each in rows}


def refit(rows):
    return fitting.refit(rows, relative_errors, FITTED, rounds=2, points=7)


@lru_cache(maxsize=1)
def held_out_errors():
    return fitting.held_out_errors(graded(), relative_errors, refit)
