"""What a pass works on: the shape of the served model, and the sequences, tokens and prompts of a step."""

import numpy as np

from rooflab.model.stack import Shape, shape_of
from rooflab.specs import Precision
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.values import Values, Words

__all__ = ["KV_BYTES", "riding_tokens_count", "served_shape"]

KV_BYTES = {"bf16": Precision.BF16.element_bytes, "fp8": Precision.FP8.element_bytes}


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


def riding_tokens_count(scenario: ServingScenario, *, batch: Values, round_tokens: Values) -> Values:
    """Return the prompt tokens that ride along in a decode step: every other sequence is replaced once
    while a sequence writes its output.
    """
    service = scenario.service
    if service is None:
        return 0.0
    return (batch - 1) * round_tokens * (service.prompt_tokens / service.output_tokens)
