"""What a learner can set for a language model served on a node of GPUs."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import ClassVar

from rooflab.specs.design import Design, check_text
from rooflab.specs.precision import WEIGHT_SCHEMES
from rooflab.values import Values, Words

__all__ = ["LAYER_BOUNDARIES", "LIBRARY_FUSION", "SPARSITIES", "ServingDesign"]

LAYER_BOUNDARIES = 6
"""Between seven operators: all-reduce, residual, norm, gate and up, SiLU, product, down."""

LIBRARY_FUSION = "010010"
"""Norm with the residual sum, product with the activation: what the libraries of the published rows fuse."""

SPARSITIES: dict[str, float] = {
    "dense": 1.0,
    "2:4": 0.5,
    "unstructured-70": 0.7,
    "unstructured-50": 0.5,
    "unstructured-30": 0.3,
}
"""Patterns of zeros among the weights of the layers, and the share of weights that is kept."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ServingDesign(Design):
    """How a language model is served on a node.

    In prefill `context_tokens` is the length of the prompt of every sequence; in decode it is
    the mean number of tokens that every sequence keeps in the cache. `fusion` has a digit for each
    boundary of the layer's chain, 1 where the two share a kernel. `experts` is dense for the
    scenario's workload, tensor for its mixture with every expert divided among all GPUs, expert
    for whole experts on single GPUs. `draft_tokens` are drafted before each verification; without
    any no draft model is loaded.
    """

    kind: ClassVar[str] = "serving"
    _CHOICES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "phase": ("decode", "prefill"),
        "precision": tuple(WEIGHT_SCHEMES),
        "kv_precision": ("bf16", "fp8", "fp4"),
        "attention_kernel": ("eager", "fused"),
        "dispatch": ("eager", "graph"),
        "fusion": tuple("".join(each) for each in product("01", repeat=LAYER_BOUNDARIES)),
        "kv_layout": ("paged", "contiguous"),
        "experts": ("dense", "tensor", "expert"),
        "sparsity": tuple(SPARSITIES),
    }
    _COUNTS: ClassVar[Mapping[str, tuple[int, int]]] = {
        "batch": (1, 1_048_576),
        "context_tokens": (1, 1_048_576),
        "draft_tokens": (0, 16),
    }

    phase: Words
    batch: Values
    context_tokens: Values
    precision: Words
    kv_precision: Words
    attention_kernel: Words
    dispatch: Words
    fusion: Words
    kv_layout: Words
    experts: Words
    draft_tokens: Values
    sparsity: Words
    device_id: Words

    def __post_init__(self) -> None:
        """Refuse values of the wrong type or out of bounds."""
        Design.__post_init__(self)
        check_text("device_id", self.device_id)
