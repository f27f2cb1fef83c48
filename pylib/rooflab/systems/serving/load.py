"""What a pass works on: the shape of the served model, and the sequences, tokens and prompts of a step."""

from dataclasses import fields

import numpy as np

from rooflab.model.lookup import lookup
from rooflab.model.speculation import tokens_per_round_count
from rooflab.model.stack import Load, Shape, shape_of
from rooflab.specs import Precision
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.values import Values, Words

__all__ = ["KV_BYTES", "draft_load", "load_of", "piggybacked_tokens_count", "served_shape"]

KV_BYTES = {each: Precision(each).element_bytes for each in ("bf16", "fp8", "fp4")}


def served_shape(scenario: ServingScenario, experts: Words) -> Shape:
    """Return the shape of the model that each design serves."""
    if isinstance(experts, str):
        return shape_of(scenario.model(experts))
    mixed = experts != "dense"
    used = {str(each): shape_of(scenario.model(str(each))) for each in np.unique(experts)}
    mixture = next((shape for name, shape in used.items() if name != "dense"), None)
    dense = used.get("dense", mixture)
    if mixture is None or dense is mixture:
        return dense
    return Shape(*(np.where(mixed, float(b), float(a)) if a != b else a for a, b in zip(dense, mixture, strict=True)))


def load_of(scenario: ServingScenario, design: ServingDesign, shape: Shape) -> Load:
    """Return what one pass of the served model of that shape works on: a round of every sequence, or all prompts."""
    service, context = scenario.service, design.context_tokens
    decoding = lookup(design.phase, {"decode": 1.0, "prefill": 0.0})
    drafted = design.draft_tokens * decoding
    tokens = 1.0
    if scenario.draft is not None and service is not None:
        tokens = tokens_per_round_count(acceptance_fraction=service.acceptance_fraction, drafted=drafted)
    spread = _spread_shape(design)
    batch = np.broadcast_to(design.batch, spread) if spread else design.batch
    return Load(
        batch=batch,
        query_tokens=decoding * (1 + drafted) + (1 - decoding) * context,
        useful_tokens=decoding * tokens + (1 - decoding) * context,
        context_tokens=context + drafted,  # the last draft sees those before it
        prompt_tokens=decoding * piggybacked_tokens_count(scenario, batch=batch, round_tokens=tokens),
        prompt_length=0.0 if service is None else service.prompt_tokens,
        decoding=decoding,
        eager=lookup(design.attention_kernel, {"eager": 1.0, "fused": 0.0}),
        ungrouped=0.0 if scenario.engine.grouped else lookup(design.attention_kernel, {"eager": 0.0, "fused": 1.0}),
        data_parallel=(shape.experts > 1) * float(scenario.engine.attends_by_sequence and scenario.device_count > 1),
        kv_element_bytes=lookup(design.kv_precision, KV_BYTES),
    )


def draft_load(served: Load, design: ServingDesign) -> Load:
    """Return what one pass of the draft model works on: one token of every sequence, and its share of the prompts."""
    drafted = design.draft_tokens * served.decoding
    return served._replace(
        query_tokens=1.0,
        useful_tokens=1.0,
        context_tokens=design.context_tokens,
        prompt_tokens=served.prompt_tokens / np.maximum(drafted, 1),
    )


def piggybacked_tokens_count(scenario: ServingScenario, *, batch: Values, round_tokens: Values) -> Values:
    """Return the prompt tokens that ride along in a decode step: every other sequence is replaced once
    while a sequence writes its output.
    """
    service = scenario.service
    if service is None:
        return 0.0
    return (batch - 1) * round_tokens * (service.prompt_tokens / service.output_tokens)


def _spread_shape(design: ServingDesign) -> tuple[int, ...]:
    """Return the shape to which all values of a design broadcast; () for one design."""
    arrays = [value for each in fields(design) if isinstance(value := getattr(design, each.name), np.ndarray)]
    return np.broadcast_shapes(*(each.shape for each in arrays)) if arrays else ()
