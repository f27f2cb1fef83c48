"""Predictions for rows of measurements, from their inputs and the model's own constants."""

import math
from collections.abc import Callable, Iterator
from typing import Any

from rooflab.errors import LabError
from rooflab.measured.attention import (
    attention_flop,
    attention_hbm_bytes,
    attention_time_s,
    kernel_flop_per_s,
    newer_kernel,
)
from rooflab.measured.kernel_constants import KERNELS as C
from rooflab.measured.inputs import check_inputs, unknown_inputs
from rooflab.measured.language import (
    decode_step_time_s,
    decode_tokens_per_s,
    max_batch,
    mbu_fraction,
    memory_doubt,
    prefill_time_s,
    serving_tokens_per_s,
    speculative_speedup,
)
from rooflab.measured.networks import inference_energy_j, network_s, network_throughput_per_s
from rooflab.measured.rows import RowError, inputs_of
from rooflab.measured.single_kernels import (
    launch_time_per_kernel_s,
    ridge_flop_per_byte,
    sparsity_speedup,
)
from rooflab.measured.small import mcu_kernel_time_s
from rooflab.measured.training import training_flop_per_s
from rooflab.model.speculation import (
    speedup_free_verify,
    tokens_per_round_mixed_count,
)

__all__ = ["QUANTITIES", "predict_row", "predict_rows", "row_doubts"]

Inputs = dict[str, Any]

# Where a source states neither: rates of 0.6 to 0.8 and four to seven drafts are usual.
_ACCEPTANCE = 0.7
_DRAFTED = 5
# Quantities of a language model whose weights and cache must be held.
_HELD = ("decode_tokens_per_s", "decode_step_time_s", "mbu_fraction", "prefill_time_s", "serving_tokens_per_s", "max_batch")
_MOST_DRAFTED = 1024


def predict_rows(rows: list[dict[str, Any]]) -> tuple[dict[str, float], dict[str, str]]:
    """Return a prediction for every row by id, and for the others why there is none."""
    predictions, gaps = {}, {}
    for row in rows:
        try:
            predictions[row["id"]] = predict_row(row)
        except LabError as error:
            gaps[row["id"]] = str(error)
    return predictions, gaps


def row_doubts(rows: list[dict[str, Any]]) -> tuple[str, ...]:
    """Say what was ignored in rows, and assumed in those that are predicted, each thing once, with its rows."""
    found: dict[str, list[str]] = {}
    for row in rows:
        for words in _doubts(row):
            found.setdefault(words, []).append(row["id"])
    return tuple(f"{words} ({_ids(ids)})" for words, ids in found.items())


def _doubts(row: dict[str, Any]) -> Iterator[str]:
    quantity, inputs = row["quantity"], row["inputs"]
    if quantity not in QUANTITIES:
        return
    for name, near in unknown_inputs(quantity, inputs).items():
        yield f"{name} is not an input of {quantity} and was ignored" + (f"; did you mean {near}?" if near else "")
    try:
        predict_row(row)
    except LabError:  # a row that is not predicted says why
        return
    if words := newer_kernel(inputs):
        yield words
    if quantity not in _HELD:
        return
    whole = completed(inputs)
    shape = whole["shape"]
    if shape.get("tied_embeddings") is None and shape.get("vocab") and shape.get("hidden"):
        yield "shape.tied_embeddings is not given, and taken as false"
    try:
        words = memory_doubt(whole)
    except LabError:
        return
    if words:
        yield f"this may not fit: {words}"


def _ids(ids: list[str]) -> str:
    shown = ", ".join(ids[:3])
    return shown if len(ids) <= 3 else f"{shown} and {len(ids) - 3} more"


def completed(inputs: Inputs) -> Inputs:
    """Return inputs whose objects are there."""
    return inputs | {"device_spec": inputs.get("device_spec") or {}, "shape": dict(inputs.get("shape") or {})}


def predict_row(row: dict[str, Any]) -> float:
    """Return the prediction for one row, in the unit of its quantity.

    Raises:
        RowError: the quantity is unknown, or an input that it needs is absent.
    """
    quantity = row["quantity"]
    if quantity not in QUANTITIES:
        raise RowError(f"No quantity {quantity!r} is predicted; there are {', '.join(QUANTITIES)}.")
    try:
        check_inputs(quantity, row["inputs"])
        value = float(QUANTITIES[quantity](completed(row["inputs"])))
    except LabError as error:
        raise RowError(f"Row {row['id']!r}: {error}") from error
    except (TypeError, ValueError, KeyError, AttributeError, ZeroDivisionError, OverflowError) as error:
        raise RowError(f"Row {row['id']!r}: an input has the wrong form ({error}).") from error
    if not 0 < value < math.inf:
        raise RowError(f"Row {row['id']!r}: its inputs lead to {value}, no quantity.")
    return value


def _speculative_speedup(inputs: Inputs) -> float:
    alpha = _or_assumed(inputs, "acceptance_rate", _ACCEPTANCE)
    drafted = round(_or_assumed(inputs, "draft_tokens", _DRAFTED))
    if drafted > _MOST_DRAFTED:
        raise RowError(f"At most {_MOST_DRAFTED} tokens are drafted in a round; got {drafted}.")
    cost = inputs.get("draft_cost_ratio")
    tokens = tokens_per_round_mixed_count(
        acceptance_fraction=alpha,
        drafted=drafted,
        concentration_count=C.acceptance_concentration_count,
    )
    if cost is not None:
        return speedup_free_verify(tokens=tokens, drafted=drafted, draft_cost_fraction=cost)
    if inputs["shape"].get("layers") and (inputs.get("draft_shape") or {}).get("layers"):
        return speculative_speedup(inputs, drafted=drafted, tokens=tokens)
    return tokens / (drafted * _draft_cost(inputs) + 1)


def _draft_cost(inputs: Inputs) -> float:
    """Return the time of a draft step by that of a step; where no layer is known, they are as their parameters."""
    small = (inputs.get("draft_shape") or {}).get("params_active")
    large = inputs["shape"].get("params_active")
    if not (small and large):
        raise RowError("The inputs lack draft_cost_ratio and the sizes of both models.")
    return small / large


def _or_assumed(inputs: Inputs, name: str, assumed: float) -> float:
    return assumed if inputs.get(name) is None else inputs_of(inputs, name)[0]


def _mbu_fraction(inputs: Inputs) -> float:
    return C.stream_fraction if inputs.get("workload") == "stream" else mbu_fraction(inputs)


def _config_ratio(inputs: Inputs) -> float:
    of, numerator, denominator = inputs_of(inputs, "of", "numerator", "denominator")
    base = {"attention_flop": attention_flop, "decode_step_time_s": decode_step_time_s}
    if of not in base:
        raise RowError(f"No ratio of {of!r} is predicted; there are {', '.join(base)}.")
    return base[of](completed(numerator)) / base[of](completed(denominator))


QUANTITIES: dict[str, Callable[[Inputs], float]] = {
    "attention_hbm_bytes": attention_hbm_bytes,
    "attention_time_s": attention_time_s,
    "kernel_flop_per_s": kernel_flop_per_s,
    "training_flop_per_s": training_flop_per_s,
    "speculative_speedup": _speculative_speedup,
    "decode_tokens_per_s": decode_tokens_per_s,
    "decode_step_time_s": decode_step_time_s,
    "mbu_fraction": _mbu_fraction,
    "prefill_time_s": prefill_time_s,
    "serving_tokens_per_s": serving_tokens_per_s,
    "max_batch": max_batch,
    "config_ratio": _config_ratio,
    "sparsity_speedup": sparsity_speedup,
    "ridge_flop_per_byte": ridge_flop_per_byte,
    "launch_time_per_kernel_s": launch_time_per_kernel_s,
    "network_latency_s": network_s,
    "network_throughput_per_s": network_throughput_per_s,
    "inference_energy_j": inference_energy_j,
    "mcu_kernel_time_s": mcu_kernel_time_s,
}
