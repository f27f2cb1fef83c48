"""Language models: each quantity of a row as the lab's own evaluation gives it."""

import math
from typing import Any

from rooflab.evaluate import evaluate
from rooflab.measured.rows import RowError, inputs_of
from rooflab.measured.serving_rows import row_design, row_scenario
from rooflab.model.capacity import Capacity
from rooflab.model.speculation import speedup_at_load
from rooflab.systems.serving.outcome import ServingOutcome
from rooflab.units import format_bytes

__all__ = [
    "decode_step_time_s",
    "decode_tokens_per_s",
    "max_batch",
    "mbu_fraction",
    "memory_doubt",
    "prefill_time_s",
    "serving_tokens_per_s",
    "speculative_speedup",
]

Inputs = dict[str, Any]

_GIB_PER_GB = 2**30 / 1e9


def decode_tokens_per_s(inputs: Inputs) -> float:
    """Return the tokens a second of all sequences, prefill excluded."""
    return float(_decoding(inputs).tokens_per_s)


def decode_step_time_s(inputs: Inputs) -> float:
    """Return the time of a step; where finished sequences are replaced, prompts of others ride along."""
    return float(_decoding(inputs).step_time_s)


def mbu_fraction(inputs: Inputs) -> float:
    """Return the share of the bandwidth that necessary bytes take in a decode step."""
    return float(_decoding(inputs).mbu_fraction)


def prefill_time_s(inputs: Inputs) -> float:
    """Return the time from a batch of prompts to their first tokens."""
    return float(_prefill(inputs, batch=inputs.get("batch") or 1).step_time_s)


def serving_tokens_per_s(inputs: Inputs) -> float:
    """Return the output tokens a second, prefill included: of one batch to its end, or of one that is kept full."""
    prompt, output = inputs_of(inputs, "prompt_tokens", "output_tokens")
    if inputs.get("scheduling") == "continuous":
        return float(_decoding(inputs).tokens_per_s)
    batch = inputs.get("batch") or math.floor(_room_count(inputs | {"kv_reservation": "full"}))
    step = _evaluate(inputs, phase="decode", batch=batch, context_tokens=prompt + output / 2)
    # The prompts' pass gives the first token.
    return batch * output / float(_prefill(inputs, batch=batch).step_time_s + (output - 1) * step.step_time_s)


def max_batch(inputs: Inputs) -> float:
    """Return how many sequences fit beside the weights, as a mean over many."""
    inputs_of(inputs, "prompt_tokens", "output_tokens")
    return _room_count(inputs)


def speculative_speedup(inputs: Inputs, *, drafted: int, tokens: float) -> float:
    """Return the speed-up of drafting with a model of a known shape, where a round gives `tokens` tokens."""
    batch, context = inputs.get("batch") or 1, inputs.get("context_tokens") or 256
    plain = _evaluate(inputs, phase="decode", batch=batch, context_tokens=context)
    round_ = _evaluate(inputs, phase="decode", batch=batch, context_tokens=context, draft_tokens=drafted)
    draft_s = float(round_.operators.time_s[round_.operators.ids.index("draft")])
    return speedup_at_load(
        tokens=tokens,
        drafted=drafted,
        step_s=float(plain.step_time_s),
        draft_step_s=draft_s / drafted,
        verify_step_s=float(round_.step_time_s) - draft_s,
    )


def memory_doubt(inputs: Inputs) -> str:
    """Say that weights and cache leave less than a serving stack keeps free; nothing where they leave enough."""
    if inputs["device_spec"].get("memory_bytes") is None:
        return ""
    batch, context = inputs.get("batch") or 1, _mean_context(inputs)
    found = _outcome(inputs, phase="decode", batch=batch, context_tokens=context).capacity
    if found.fits:
        return ""
    chips = inputs.get("chips") or 1
    usable = (found.available_bytes - found.reserve_bytes) * chips
    memory = format_bytes(found.available_bytes * chips)
    return f"{_needed_words(inputs, found)}, and of {memory} a serving stack leaves {format_bytes(usable)}"


def _mean_context(inputs: Inputs) -> float:
    context = inputs.get("context_tokens")
    if context is None:
        (prompt,) = inputs_of(inputs, "prompt_tokens")
        context = prompt + (inputs.get("output_tokens") or 0) / 2
    return context


def _decoding(inputs: Inputs) -> ServingOutcome:
    """Return a decode step at the row's batch; without one, at the largest that fits."""
    batch = inputs.get("batch") or max(math.floor(_room_count(inputs)), 1)
    return _evaluate(inputs, phase="decode", batch=batch, context_tokens=_mean_context(inputs))


def _prefill(inputs: Inputs, *, batch: int) -> ServingOutcome:
    (prompt,) = inputs_of(inputs, "prompt_tokens")
    return _evaluate(inputs, phase="prefill", batch=batch, context_tokens=prompt)


def _evaluate(
    inputs: Inputs, *, phase: str, batch: float, context_tokens: float, draft_tokens: int = 0
) -> ServingOutcome:
    """Evaluate the row; refuse weights and a cache that the memory of all chips cannot hold.

    A datasheet's GB may be GiB: what only those could hold is a doubt, and none to refuse.
    """
    outcome = _outcome(inputs, phase=phase, batch=batch, context_tokens=context_tokens, draft_tokens=draft_tokens)
    held = outcome.capacity
    if held.weight_bytes + held.kv_bytes > held.available_bytes * _GIB_PER_GB:
        memory = format_bytes(held.available_bytes * (inputs.get("chips") or 1))
        raise RowError(f"This does not fit: {_needed_words(inputs, held)}, there are {memory}.")
    return outcome


def _room_count(inputs: Inputs) -> float:
    """Return how many sequences fit; no stack schedules more than so many at once."""
    scenario = row_scenario(inputs)
    context = _mean_context(inputs)
    room = _evaluate(inputs, phase="decode", batch=1, context_tokens=context).capacity.room_count
    schedulers = scenario.device_count if scenario.engine.attends_by_sequence else 1
    return min(max(float(room), 1.0), scenario.engine.most_sequences * schedulers)


def _outcome(inputs: Inputs, **asked: Any) -> ServingOutcome:
    """Evaluate the row as a design that is `asked`, in the words of `row_design`."""
    return evaluate(row_scenario(inputs), row_design(inputs, **asked))


def _needed_words(inputs: Inputs, held: Capacity) -> str:
    chips = inputs.get("chips") or 1
    words = f"weights need {format_bytes(held.weight_bytes * chips)}"
    return f"{words} and the cache {format_bytes(held.kv_bytes * chips)}" if held.kv_bytes else words
