"""Llama, Mistral and Mixtral."""

from typing import Any

from rooflab.checkpoints.fields import Fields
from rooflab.checkpoints.shape import attention_biases, dimensions, experts, windows

__all__ = ["llama", "mistral", "mixtral"]


def llama(fields: Fields) -> dict[str, Any]:
    """Return the shape of a Llama: every layer alike, biases only if the file says so."""
    shape = dimensions(fields)
    biases = 0
    if fields.flag("attention_bias", default=False):
        biases += attention_biases(shape, output=True)
    if fields.flag("mlp_bias", default=False):
        biases += shape["layers"] * (2 * shape["ffn"] + shape["hidden"])
    return shape | {"other_params": biases}


def mistral(fields: Fields) -> dict[str, Any]:
    """Return the shape of a Mistral: a window, if there is one, in every layer."""
    shape = dimensions(fields)
    return shape | windows(fields, shape, windowed=shape["layers"])


def mixtral(fields: Fields) -> dict[str, Any]:
    """Return the shape of a Mixtral: a Mistral with experts in every layer."""
    return mistral(fields) | experts(fields, named="num_local_experts")
