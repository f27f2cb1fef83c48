"""The serving rows with other constants: how much each constant moves, and what a fit without some rows gives for them."""

from contextlib import contextmanager
from dataclasses import replace
from functools import cache, lru_cache

from rooflab.facts.calibration import GPU_SERVING, ONE_BY_ONE_SERVING
from rooflab.measured import serving_rows
from rooflab.measured.predict import predict_rows
from rooflab.measured.rows import published_rows
from rooflab.measured.serving_bases import SERVING_BASES
from tests.unit.measured import fitting

LANGUAGE = (
    "decode_tokens_per_s",
    "decode_step_time_s",
    "mbu_fraction",
    "prefill_time_s",
    "serving_tokens_per_s",
    "max_batch",
)
ROWS = [
    each
    for each in published_rows()
    if each["graded"] and each["quantity"] in LANGUAGE and each["inputs"].get("workload") != "stream"
]
KNOWN = {each["id"] for each in ROWS}
MODELS = {}
FITTED = tuple(each for each in SERVING_BASES if each.kind == "fitted")


_workload = serving_rows._workload


def known_before(inputs):
    """Return the model of a row, which no constant of the fit changes."""
    key = repr((inputs.get("model"), inputs["shape"]))
    if key not in MODELS:
        MODELS[key] = _workload(inputs)
    return MODELS[key]


@contextmanager
def constants(**values):
    """Let the rows be evaluated with other constants; stacks that start kernels one by one keep their start."""
    serving_rows.GPU_SERVING = replace(GPU_SERVING, **values)
    kept = {name: value for name, value in values.items() if name != "kernel_ramp_s"}
    serving_rows.ONE_BY_ONE_SERVING = replace(ONE_BY_ONE_SERVING, **kept)
    serving_rows._workload = known_before
    try:
        yield
    finally:
        serving_rows.GPU_SERVING, serving_rows.ONE_BY_ONE_SERVING = GPU_SERVING, ONE_BY_ONE_SERVING
        serving_rows._workload = _workload


def relative_errors(rows, **values):
    """Return the errors of some rows; those of ROWS are found together and kept, since fits without a few of them ask alike."""
    kept = _errors_of_all(tuple(sorted(values.items()))) if KNOWN.issuperset(each["id"] for each in rows) else _errors(rows, values)
    return {each["id"]: kept[each["id"]] for each in rows}


@cache
def _errors_of_all(values):
    return _errors(ROWS, dict(values))


def _errors(rows, values):
    with constants(**values):
        found = predict_rows(rows)[0]
    return {each["id"]: found[each["id"]] / each["measured"] - 1 for each in rows}


def refit(rows):
    return fitting.refit(rows, relative_errors, FITTED, rounds=1, points=5)


@lru_cache(maxsize=1)
def held_out_errors():
    return fitting.held_out_errors(ROWS, relative_errors, refit)
