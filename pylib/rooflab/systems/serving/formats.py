"""How a design stores its weights: in which format, and with which pattern of zeros."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from rooflab.model.lookup import lookup, lookups
from rooflab.model.sparsity import bitmap_element_bytes, two_of_four_element_bytes
from rooflab.model.stack import Weights
from rooflab.specs import WeightScheme
from rooflab.systems.serving.design import SPARSITIES, ServingDesign
from rooflab.systems.serving.scenario import ServingScenario
from rooflab.values import Values

__all__ = ["Formats", "draft_formats", "formats_of"]

_TWO_OF_FOUR = {name: float(name == "2:4") for name in SPARSITIES}
_EXPERT_PARALLEL = {"dense": 0.0, "tensor": 0.0, "expert": 1.0}
_BITMAP = {name: float(name not in ("dense", "2:4")) for name in SPARSITIES}


class Formats(NamedTuple):
    """The weights of a design, and what it costs to use them.

    `unpack_flop` and `head_unpack_flop` are what the vector units do for each byte that arrives, of the layers'
    products and of the head. `sparse_rate_fraction` is the share of their rate that the matrix units keep for the
    flop that are left.
    """

    weights: Weights
    unpack_flop: Values
    head_unpack_flop: Values
    sparse_rate_fraction: Values


def formats_of(scenario: ServingScenario, design: ServingDesign) -> Formats:
    """Return how a design stores its weights.

    Two of four keep their values and 2 bits each; an unstructured pattern keeps a bitmap, and its
    weights are put back in place before matrix units that skip nothing.
    """
    service, unpack_flop = scenario.service, scenario.calibration.unpack_flop
    scheme, narrow, value = lookups(design.precision, *_storage(tuple(scenario.schemes.values())))
    unpack = narrow * unpack_flop / scheme
    dense = Formats(
        weights=Weights(
            element_bytes=scheme,
            head_element_bytes=scheme,
            executed_fraction=1.0,
            kept_fraction=1.0,
            expert_parallel=lookup(design.experts, _EXPERT_PARALLEL),
            imbalance_factor=1.0 if service is None else service.imbalance_factor,
        ),
        unpack_flop=unpack,
        head_unpack_flop=unpack,
        sparse_rate_fraction=1.0,
    )
    if isinstance(design.sparsity, str) and design.sparsity == "dense":
        return dense
    kept = lookup(design.sparsity, SPARSITIES)
    two_of_four = lookup(design.sparsity, _TWO_OF_FOUR)
    bitmap = lookup(design.sparsity, _BITMAP)
    stored = (
        scheme * (1 - two_of_four - bitmap)
        + (two_of_four_element_bytes(value_bytes=value) + (scheme - value) * kept) * two_of_four
        + (bitmap_element_bytes(density_fraction=kept, value_bytes=scheme)) * bitmap
    )
    placed = np.maximum(narrow * kept, bitmap)
    sparse_rate_fraction = 1.0 if service is None else service.sparse_rate_fraction
    return dense._replace(
        weights=dense.weights._replace(
            element_bytes=stored, executed_fraction=1 - 0.5 * two_of_four, kept_fraction=kept
        ),
        unpack_flop=placed * unpack_flop / stored,
        sparse_rate_fraction=1 - two_of_four * (1 - sparse_rate_fraction),
    )


@lru_cache(maxsize=8)
def _storage(schemes: tuple[WeightScheme, ...]) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Return bytes of a stored weight, whether it is widened before it is multiplied, and its bytes without scales."""
    return (
        {each.id: each.element_bytes for each in schemes},
        {each.id: float(each.storage.element_bytes < each.compute.element_bytes) for each in schemes},
        {each.id: each.storage.element_bytes for each in schemes},
    )


def draft_formats(served: Formats) -> Formats:
    """Return the formats of a draft model beside the served one: dense, with no experts."""
    weights = served.weights
    return Formats(
        weights=weights._replace(
            element_bytes=weights.head_element_bytes, executed_fraction=1.0, kept_fraction=1.0, expert_parallel=0.0
        ),
        unpack_flop=served.head_unpack_flop,
        head_unpack_flop=served.head_unpack_flop,
        sparse_rate_fraction=1.0,
    )
