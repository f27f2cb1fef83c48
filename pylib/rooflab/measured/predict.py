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
from rooflab.measured.constants import CONSTANTS as K
from rooflab.measured.inputs import check_inputs, unknown_inputs
from rooflab.measured.language import (
    capacity_batch_count,
    check_fits,
    completed,
    decode_step_s,
    memory_doubt,
    necessary_bytes,
    prefill_interference_s,
    prefill_s,
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
    speedup_at_load,
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
        words = memory_doubt(whole, batch=whole.get("batch") or 1, tokens_each=_mean_context(whole))
    except LabError:
        return
    if words:
        yield f"this may not fit: {words}"


def _ids(ids: list[str]) -> str:
    shown = ", ".join(ids[:3])
    return shown if len(ids) <= 3 else f"{shown} and {len(ids) - 3} more"


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
        concentration_count=K.acceptance_concentration_count,
    )
    if cost is not None:
        return speedup_free_verify(tokens=tokens, drafted=drafted, draft_cost_fraction=cost)
    step_s, draft_s, verify_s = _round_s(inputs, drafted)
    return speedup_at_load(
        tokens=tokens,
        drafted=drafted,
        step_s=step_s,
        draft_step_s=draft_s,
        verify_step_s=verify_s,
    )


def _round_s(inputs: Inputs, drafted: float) -> tuple[float, float, float]:
    """Return the times of a plain step, of a draft step, and of verifying all drafts at once.

    Where no layer is known, a step takes as long as its parameters are many.
    """
    draft = inputs.get("draft_shape") or {}
    small, large = draft.get("params_active"), inputs["shape"].get("params_active")
    if not (small and large):
        raise RowError("The inputs lack draft_cost_ratio and the sizes of both models.")
    batch, context = _or_assumed(inputs, "batch", 1), _or_assumed(inputs, "context_tokens", 256)
    try:
        return (
            decode_step_s(inputs, batch=batch, context=context),
            decode_step_s(inputs | {"shape": draft}, batch=batch, context=context),
            decode_step_s(inputs, batch=batch, context=context, queries=drafted + 1),
        )
    except RowError:
        return large, small, large


def _or_assumed(inputs: Inputs, name: str, assumed: float) -> float:
    return assumed if inputs.get(name) is None else inputs_of(inputs, name)[0]


def _decoding(inputs: Inputs) -> tuple[float, float]:
    """Return the batch and the mean tokens in the cache; without a batch, the largest that fits."""
    context = _mean_context(inputs)
    if inputs.get("batch") is None:
        check_fits(inputs, batch=1, tokens_each=context)
        return math.floor(capacity_batch_count(inputs, tokens_each=context)), context
    (batch,) = inputs_of(inputs, "batch")
    check_fits(inputs, batch=batch, tokens_each=context)
    return batch, context


def _mean_context(inputs: Inputs) -> float:
    context = inputs.get("context_tokens")
    if context is None:
        (prompt,) = inputs_of(inputs, "prompt_tokens")
        context = prompt + (inputs.get("output_tokens") or 0) / 2
    return context


def _decode_tokens_per_s(inputs: Inputs) -> float:
    batch, context = _decoding(inputs)
    return batch / decode_step_s(inputs, batch=batch, context=context)


def _decode_step_time_s(inputs: Inputs) -> float:
    batch, context = _decoding(inputs)
    step_s = decode_step_s(inputs, batch=batch, context=context)
    if inputs.get("scheduling") == "continuous":
        step_s += prefill_interference_s(inputs, batch=batch)
    return step_s


def _mbu_fraction(inputs: Inputs) -> float:
    if inputs.get("workload") == "stream":
        return K.stream_fraction
    batch, context = _decoding(inputs)
    (bandwidth,) = inputs_of(inputs["device_spec"], "hbm_bytes_per_s")
    chips = inputs.get("chips") or 1
    needed = necessary_bytes(inputs, batch=batch, context=context)
    return needed / decode_step_s(inputs, batch=batch, context=context) / (chips * bandwidth)


def _prefill_time_s(inputs: Inputs) -> float:
    batch = _or_assumed(inputs, "batch", 1)
    (prompt,) = inputs_of(inputs, "prompt_tokens")
    check_fits(inputs, batch=batch, tokens_each=prompt)
    return prefill_s(inputs, batch=batch)


def _serving_tokens_per_s(inputs: Inputs) -> float:
    prompt, output = inputs_of(inputs, "prompt_tokens", "output_tokens")
    context = prompt + output / 2
    batch = inputs.get("batch")
    check_fits(inputs, batch=batch or 1, tokens_each=context)
    if inputs.get("scheduling") == "continuous":
        # Pages are taken as sequences grow, so the mean length decides what fits.
        batch = batch or capacity_batch_count(inputs, tokens_each=context)
        step_s = decode_step_s(inputs, batch=batch, context=context)
        return batch / (step_s + prefill_interference_s(inputs, batch=batch))
    batch = batch or math.floor(capacity_batch_count(inputs, tokens_each=prompt + output))
    total_s = prefill_s(inputs, batch=batch) + output * decode_step_s(
        inputs, batch=batch, context=context
    )
    return batch * output / total_s


def _max_batch(inputs: Inputs) -> float:
    prompt, output = inputs_of(inputs, "prompt_tokens", "output_tokens")
    full = inputs.get("kv_reservation") == "full"
    check_fits(inputs, batch=1, tokens_each=prompt + output / 2)
    return capacity_batch_count(inputs, tokens_each=prompt + (output if full else output / 2))


def _config_ratio(inputs: Inputs) -> float:
    of, numerator, denominator = inputs_of(inputs, "of", "numerator", "denominator")
    base = {"attention_flop": attention_flop, "decode_step_time_s": _decode_step_time_s}
    if of not in base:
        raise RowError(f"No ratio of {of!r} is predicted; there are {', '.join(base)}.")
    return base[of](completed(numerator)) / base[of](completed(denominator))


QUANTITIES: dict[str, Callable[[Inputs], float]] = {
    "attention_hbm_bytes": attention_hbm_bytes,
    "attention_time_s": attention_time_s,
    "kernel_flop_per_s": kernel_flop_per_s,
    "training_flop_per_s": training_flop_per_s,
    "speculative_speedup": _speculative_speedup,
    "decode_tokens_per_s": _decode_tokens_per_s,
    "decode_step_time_s": _decode_step_time_s,
    "mbu_fraction": _mbu_fraction,
    "prefill_time_s": _prefill_time_s,
    "serving_tokens_per_s": _serving_tokens_per_s,
    "max_batch": _max_batch,
    "config_ratio": _config_ratio,
    "sparsity_speedup": sparsity_speedup,
    "ridge_flop_per_byte": ridge_flop_per_byte,
    "launch_time_per_kernel_s": launch_time_per_kernel_s,
    "network_latency_s": network_s,
    "network_throughput_per_s": network_throughput_per_s,
    "inference_energy_j": inference_energy_j,
    "mcu_kernel_time_s": mcu_kernel_time_s,
}
