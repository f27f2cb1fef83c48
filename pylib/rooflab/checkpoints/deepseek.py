"""DeepSeek V2 and V3: latent attention, and fine-grained experts after the first layers."""

from typing import Any

from rooflab.checkpoints.fields import Fields
from rooflab.checkpoints.shape import dimensions, experts
from rooflab.errors import BadCheckpoint

__all__ = ["deepseek"]


def deepseek(fields: Fields) -> dict[str, Any]:
    """Return the shape of a DeepSeek V2 or V3.

    Raises:
        BadCheckpoint: KV heads are fewer than heads, which latent attention does not have.
    """
    if fields.has("index_topk"):
        raise BadCheckpoint(
            f"{fields.path}index_topk chooses the tokens that attention reads, which is not modelled; "
            "a configuration without it is accepted."
        )
    shape = dimensions(fields, latent=True)
    shape |= _latent(fields, shape)
    if not fields.has("n_routed_experts"):
        return shape
    shape |= _experts(fields, shape)
    if fields.word("topk_method", default="") == "noaux_tc":  # a bias of the router that balances load
        shape["other_params"] += (shape["layers"] - (shape.get("dense_layers") or 0)) * shape["experts"]
    if predicted := fields.count("num_nextn_predict_layers", least=0, default=0):
        fields.note(f"Not counted: {predicted} layer(s) that predict further tokens (num_nextn_predict_layers).")
    return shape


def _latent(fields: Fields, shape: dict[str, Any]) -> dict[str, Any]:
    heads, kv_heads = shape["heads"], shape["kv_heads"]
    found = {name: fields.count(name) for name in ("kv_lora_rank", "qk_rope_head_dim", "qk_nope_head_dim", "v_head_dim")}
    if kv_heads != heads:
        raise BadCheckpoint(
            f"{fields.path}num_key_value_heads is {kv_heads} beside kv_lora_rank {found['kv_lora_rank']}: latent attention "
            f"has one cached vector and no KV heads; {heads}, as many as num_attention_heads, or none is accepted."
        )
    rank = fields.count("q_lora_rank", default=None)
    biases = 0
    if fields.flag("attention_bias", default=False):
        biases = (rank or 0) + found["kv_lora_rank"] + found["qk_rope_head_dim"] + shape["hidden"]
    return found | {"q_lora_rank": rank, "head_dim": found["v_head_dim"], "other_params": shape["layers"] * biases}


def _experts(fields: Fields, shape: dict[str, Any]) -> dict[str, Any]:
    if (step := fields.count("moe_layer_freq", default=1)) != 1:
        raise BadCheckpoint(f"{fields.path}moe_layer_freq is {step}; 1, experts in every layer after the first ones, is accepted.")
    dense = fields.count("first_k_dense_replace", least=0, most=shape["layers"] - 1, default=0)
    found: dict[str, Any] = experts(fields, named="n_routed_experts") | {"ffn": fields.count("moe_intermediate_size")}
    found["shared_experts"] = fields.count("n_shared_experts", least=0, default=0) or None
    return found | ({"dense_layers": dense, "dense_ffn": shape["ffn"]} if dense else {})
