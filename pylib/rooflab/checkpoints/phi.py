"""Phi-3, Phi-3.5-MoE and Phi-4."""

from typing import Any

from rooflab.checkpoints.fields import Fields
from rooflab.checkpoints.shape import attention_biases, dimensions, experts, windows

__all__ = ["phi3", "phimoe"]


def phi3(fields: Fields) -> dict[str, Any]:
    """Return the shape of a Phi-3 or Phi-4: no biases; a window, if it is shorter than the context, in every layer."""
    shape = dimensions(fields)
    return shape | windows(fields, shape, windowed=shape["layers"])


def phimoe(fields: Fields) -> dict[str, Any]:
    """Return the shape of a Phi-3.5-MoE: norms have biases, and attention and the head if the file says so."""
    shape = phi3(fields) | experts(fields, named="num_local_experts")
    biases = (2 * shape["layers"] + 1) * shape["hidden"]
    if fields.flag("attention_bias", default=False):
        biases += attention_biases(shape, output=True)
    if fields.flag("lm_head_bias", default=False):
        biases += shape["vocab"]
    return shape | {"other_params": biases}
