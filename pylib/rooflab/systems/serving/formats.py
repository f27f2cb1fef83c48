"""How a design stores its weights: in which format, and with which pattern of zeros."""

from typing import NamedTuple

import numpy as np

from rooflab.model.lookup import lookup
from rooflab.model.sparsity import bitmap_element_bytes, two_of_four_element_bytes
from rooflab.specs import WEIGHT_SCHEMES, Calibration
from rooflab.systems.serving.design import SPARSITIES, ServingDesign
from rooflab.values import Values

__all__ = ["Formats", "formats_of"]

_NARROW = {
    name: float(each.storage.element_bytes < each.compute.element_bytes)
    for name, each in WEIGHT_SCHEMES.items()
}
_SCHEME_BYTES = {name: each.element_bytes for name, each in WEIGHT_SCHEMES.items()}
_VALUE_BYTES = {name: each.storage.element_bytes for name, each in WEIGHT_SCHEMES.items()}
_TWO_OF_FOUR = {name: float(name == "2:4") for name in SPARSITIES}
_BITMAP = {name: float(name not in ("dense", "2:4")) for name in SPARSITIES}


class Formats(NamedTuple):
    """How a design stores its weights: those of the layers' products, and those of the head.

    `unpack_flop` and `head_unpack_flop` are what the vector units do for each byte that arrives.
    `sparse_rate_fraction` is the share of their rate that the matrix units keep for the flop that
    are left.
    """

    element_bytes: Values
    head_element_bytes: Values
    kept_fraction: Values
    executed_fraction: Values
    unpack_flop: Values
    head_unpack_flop: Values
    sparse_rate_fraction: Values


def formats_of(design: ServingDesign, calibration: Calibration, sparse_rate_fraction: float) -> Formats:
    """Return how a design stores its weights.

    Two of four keep their values and 2 bits each; an unstructured pattern keeps a bitmap, and its
    weights are put back in place before matrix units that skip nothing.
    """
    scheme = lookup(design.precision, _SCHEME_BYTES)
    narrow = lookup(design.precision, _NARROW)
    head_unpack = narrow * calibration.unpack_flop / scheme
    if isinstance(design.sparsity, str) and design.sparsity == "dense":
        return Formats(scheme, scheme, 1.0, 1.0, head_unpack, head_unpack, 1.0)
    kept = lookup(design.sparsity, SPARSITIES)
    two_of_four = lookup(design.sparsity, _TWO_OF_FOUR)
    bitmap = lookup(design.sparsity, _BITMAP)
    value = lookup(design.precision, _VALUE_BYTES)
    stored = (
        scheme * (1 - two_of_four - bitmap)
        + (two_of_four_element_bytes(value_bytes=value) + (scheme - value) * kept) * two_of_four
        + (bitmap_element_bytes(density_fraction=kept, value_bytes=scheme)) * bitmap
    )
    placed = np.maximum(narrow * kept, bitmap)
    return Formats(
        element_bytes=stored,
        head_element_bytes=scheme,
        kept_fraction=kept,
        executed_fraction=1 - 0.5 * two_of_four,
        unpack_flop=placed * calibration.unpack_flop / stored,
        head_unpack_flop=head_unpack,
        sparse_rate_fraction=1 - two_of_four * (1 - sparse_rate_fraction),
    )
