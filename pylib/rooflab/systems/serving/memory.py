"""What a design must hold: in the memory of one GPU, and on the chip."""

from dataclasses import replace

import numpy as np

from rooflab.model.capacity import (
    Capacity,
    ModelMemory,
    activation_bytes,
    kv_token_bytes,
    model_bytes,
    serving_capacity,
)
from rooflab.model.lookup import lookup
from rooflab.model.stack import shape_of
from rooflab.systems.serving.design import ServingDesign
from rooflab.systems.serving.passes import Passes
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.values import Values

__all__ = ["capacity_of", "kept_tokens", "on_chip_bytes"]


def capacity_of(scenario: ServingScenario, design: ServingDesign, passes: Passes) -> Capacity:
    """Return what one GPU must hold: weights, the cache of every sequence, and what a pass needs beside them."""
    shape, load, weights = passes.shape, passes.load, passes.formats.weights
    n, kept = scenario.device_count, kept_tokens(scenario, design)
    served = ModelMemory(
        weight_bytes=model_bytes(
            shape,
            device_count=n,
            weight_element_bytes=weights.element_bytes,
            head_element_bytes=weights.head_element_bytes,
        ),
        sequence_bytes=shape.seen_tokens(kept)
        * kv_token_bytes(
            shape, device_count=n, kv_element_bytes=load.kv_element_bytes, data_parallel=load.data_parallel
        ),
    )
    tokens = load.batch * load.query_tokens + load.prompt_tokens
    held = serving_capacity(
        served,
        None if scenario.draft is None else _draft_memory(scenario, design, passes, kept),
        batch=load.batch,
        activation_bytes=activation_bytes(shape, device_count=n, batch=load.batch, tokens=tokens),
        workspace_bytes=passes.served.costs.workspace_bytes,
        device_bytes=passes.node.hardware.hbm_bytes,
        reserve_fraction=scenario.calibration.reserve_fraction,
        free_fraction=scenario.calibration.free_fraction,
    )
    return replace(held, source=scenario.device(design.device_id).source_of("hbm_bytes")) if isinstance(design.device_id, str) else held


def kept_tokens(scenario: ServingScenario, design: ServingDesign) -> Values:
    """Return the tokens for which each sequence keeps room in the cache, those that it has not yet written included."""
    service = scenario.service
    if service is None:
        return design.context_tokens
    paged = lookup(design.kv_layout, {"paged": 1.0, "contiguous": 0.0})
    # On average half of the last page is empty.
    paged_tokens = design.context_tokens + (service.page_tokens - 1) / 2
    return service.longest_tokens + paged * (paged_tokens - service.longest_tokens)


def _draft_memory(
    scenario: ServingScenario, design: ServingDesign, passes: Passes, kept: Values
) -> ModelMemory:
    """Return what the draft model keeps: nothing where nothing is drafted."""
    small, n = shape_of(scenario.draft), scenario.device_count
    loaded = np.asarray(design.draft_tokens) > 0
    head = passes.formats.weights.head_element_bytes
    return ModelMemory(
        weight_bytes=loaded
        * model_bytes(small, device_count=n, weight_element_bytes=head, head_element_bytes=head),
        sequence_bytes=small.seen_tokens(kept)
        * (loaded * kv_token_bytes(small, device_count=n, kv_element_bytes=passes.load.kv_element_bytes)),
    )


def on_chip_bytes(scenario: ServingScenario, design: ServingDesign, held_bytes: Values) -> Values:
    """Return the shared memory of a multiprocessor: 0 where it is unknown and no kernel holds anything there.

    Raises:
        FactError: a kernel must hold something, and the device has no such fact.
    """
    ids = design.device_id
    known = (ids,) if isinstance(ids, str) else tuple(str(each) for each in np.unique(ids))
    devices = {each: scenario.device(each) for each in known}
    if np.any(np.asarray(held_bytes) > 0):
        return lookup(ids, {name: each.fact("shared_memory_bytes") for name, each in devices.items()})
    return lookup(ids, {name: each.shared_memory_bytes or 0.0 for name, each in devices.items()})
