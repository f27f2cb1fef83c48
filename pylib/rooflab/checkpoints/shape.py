"""What every family of decoders states alike: its dimensions, its windows, its experts."""

from typing import Any

from rooflab.checkpoints.fields import Fields, shown
from rooflab.errors import BadCheckpoint

__all__ = ["attention_biases", "dimensions", "experts", "windows"]

_MOST_LAYERS = 10_000
_MOST_TOKENS = 1_000_000_000
_LATENT = ("kv_lora_rank", "q_lora_rank", "qk_rope_head_dim")


def dimensions(fields: Fields, *, tied: bool = False, latent: bool = False) -> dict[str, Any]:
    """Return the dimensions of a decoder as a `Workload` has them; `tied` if the file does not say.

    Raises:
        BadCheckpoint: a dimension is missing or impossible, or heads do not group.
    """
    layers = fields.count("num_hidden_layers", most=_MOST_LAYERS)
    hidden = fields.count("hidden_size")
    heads = fields.count("num_attention_heads")
    kv_heads = fields.count("num_key_value_heads", default=heads)
    if heads % kv_heads:
        raise BadCheckpoint(
            f"{fields.path}num_attention_heads is {heads}, no multiple of num_key_value_heads, {kv_heads}; "
            "each KV head must serve as many heads."
        )
    if not latent and (name := next((each for each in _LATENT if fields.has(each)), None)):
        raise BadCheckpoint(
            f"{fields.path}{name} belongs to latent attention, and model_type {fields.word('model_type')} has KV heads; "
            "deepseek_v2 and deepseek_v3 have latent attention."
        )
    fields.assume("tie_word_embeddings", tied)
    return {
        "layers": layers,
        "hidden": hidden,
        "heads": heads,
        "kv_heads": kv_heads,
        "head_dim": None if latent else _head_dim(fields, hidden, heads),
        "ffn": fields.count("intermediate_size"),
        "vocab": fields.count("vocab_size"),
        "max_context_tokens": fields.count("max_position_embeddings", most=_MOST_TOKENS),
        "ffn_matrices": 3,
        "tied_embeddings": fields.flag("tie_word_embeddings", default=tied),
        "experts": 1,
        "experts_per_token": 1,
    }


def windows(fields: Fields, shape: dict[str, Any], *, windowed: int) -> dict[str, int]:
    """Return the window and the layers that have it: those of `layer_types`, else `windowed` of them.

    A window as long as the longest context never matters, and is none.

    Raises:
        BadCheckpoint: the layers are of another number or kind.
    """
    layers = shape["layers"]
    window = fields.count("sliding_window", most=_MOST_TOKENS, default=None)
    kinds = fields.words("layer_types")
    if kinds:
        if len(kinds) != layers:
            raise BadCheckpoint(
                f"{fields.path}layer_types names {len(kinds)} layers, and num_hidden_layers is {layers}; they must agree."
            )
        if unknown := sorted(set(kinds) - {"full_attention", "sliding_attention"}):
            raise BadCheckpoint(
                f"{fields.path}layer_types holds {shown(unknown[0])}; full_attention and sliding_attention are known here."
            )
        windowed = kinds.count("sliding_attention")
        if windowed and window is None:
            raise BadCheckpoint(f"{fields.path}sliding_window is missing, and layer_types gives one to {windowed} layers.")
    if window is None or windowed < 1 or window >= shape["max_context_tokens"]:
        return {}
    return {"sliding_window": window, "windowed_layers": windowed}


def experts(fields: Fields, *, named: str) -> dict[str, int]:
    """Return how many experts there are, by the field `named`, and how many a token uses.

    Raises:
        BadCheckpoint: a token would use more than there are.
    """
    count = fields.count(named)
    each = fields.count("num_experts_per_tok")
    if each > count:
        raise BadCheckpoint(f"{fields.path}num_experts_per_tok is {each}, more than {named}, {count}.")
    return {"experts": count, "experts_per_token": each}


def attention_biases(shape: dict[str, Any], *, output: bool) -> int:
    """Return the biases of queries, keys and values in all layers, and those of the output if asked."""
    inner = (shape["heads"] + 2 * shape["kv_heads"]) * shape["head_dim"]
    return shape["layers"] * (inner + (shape["hidden"] if output else 0))


def _head_dim(fields: Fields, hidden: int, heads: int) -> int:
    given = fields.count("head_dim", default=None)
    if given is None and hidden % heads:
        raise BadCheckpoint(
            f"{fields.path}hidden_size is {hidden}, no multiple of num_attention_heads, {heads}, "
            "and head_dim is missing; one of them must say how large a head is."
        )
    return given or hidden // heads
