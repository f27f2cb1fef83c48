"""Gemma 2 and 3: four norms a layer, a tied table, and windows in most layers."""

from typing import Any

from rooflab.checkpoints.fields import Fields
from rooflab.checkpoints.shape import attention_biases, dimensions, windows

__all__ = ["gemma2", "gemma3"]

# What a published text_config of Gemma 3 leaves out: the defaults of transformers' Gemma3TextConfig.
_LEFT_OUT = {
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "head_dim": 256,
    "vocab_size": 262_208,
    "max_position_embeddings": 131_072,
}
_PATTERN = 6  # one layer in so many sees everything


def gemma2(fields: Fields) -> dict[str, Any]:
    """Return the shape of a Gemma 2: every other layer has a window, from the first."""
    return _gemma(fields, windowed=lambda layers: (layers + 1) // 2)


def gemma3(fields: Fields) -> dict[str, Any]:
    """Return the shape of a Gemma 3: five layers of six have a window; queries and keys have norms."""
    for name, value in _LEFT_OUT.items():
        fields.assume(name, value)
    pattern = fields.count("sliding_window_pattern", default=_PATTERN)
    shape = _gemma(fields, windowed=lambda layers: layers - layers // pattern)
    shape["other_params"] += shape["layers"] * 2 * shape["head_dim"]
    return shape


def _gemma(fields: Fields, *, windowed: Any) -> dict[str, Any]:
    shape = dimensions(fields, tied=True)
    further = 2 * shape["layers"] * shape["hidden"]  # norms after attention and after the MLP
    if fields.flag("attention_bias", default=False):
        further += attention_biases(shape, output=True)
    return shape | windows(fields, shape, windowed=windowed(shape["layers"])) | {"other_params": further}
