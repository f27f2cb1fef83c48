"""A configuration read: the family that its `model_type` names, its shape and its weights."""

from collections.abc import Callable
from typing import Any

from rooflab.checkpoints.checkpoint import Checkpoint
from rooflab.checkpoints.deepseek import deepseek
from rooflab.checkpoints.document import parse
from rooflab.checkpoints.fields import Fields, shown
from rooflab.checkpoints.gemma import gemma2, gemma3
from rooflab.checkpoints.gpt_oss import gpt_oss
from rooflab.checkpoints.llama import llama, mistral, mixtral
from rooflab.checkpoints.phi import phi3, phimoe
from rooflab.checkpoints.qwen import qwen2, qwen2_moe, qwen3, qwen3_moe
from rooflab.checkpoints.weights import storage_of
from rooflab.errors import BadCheckpoint
from rooflab.specs import Confidence, Source, SourceKind, Workload

__all__ = ["FAMILIES", "read_checkpoint"]

FAMILIES: dict[str, Callable[[Fields], dict[str, Any]]] = {
    "deepseek_v2": deepseek,
    "deepseek_v3": deepseek,
    "gemma2": gemma2,
    "gemma3": gemma3,
    "gemma3_text": gemma3,
    "gpt_oss": gpt_oss,
    "kimi_k2": deepseek,
    "llama": llama,
    "mistral": mistral,
    "mixtral": mixtral,
    "phi3": phi3,
    "phimoe": phimoe,
    "qwen2": qwen2,
    "qwen2_moe": qwen2_moe,
    "qwen3": qwen3,
    "qwen3_moe": qwen3_moe,
}

# Fields that say why a configuration is refused, whatever its model_type.
_UNKNOWN_LAYERS = {
    "attn_type_list": "kinds of attention that differ by layer",
    "block_configs": "dimensions that differ by layer",
    "full_attention_interval": "layers of linear attention",
    "hybrid_override_pattern": "state-space layers",
    "layers_block_type": "recurrent layers",
    "linear_num_key_heads": "layers of linear attention",
    "mamba_d_state": "state-space layers",
    "ssm_cfg": "state-space layers",
    "state_size": "state-space layers",
}
_NAME_LENGTH = 60


def read_checkpoint(text: str, *, name: str) -> Checkpoint:
    """Return what the configuration `text`, read from `name`, says of a model.

    Raises:
        BadCheckpoint: it is no configuration, or of a model that is not known here; the message
            names the field, what it is, and what is accepted.
    """
    fields = Fields(parse(text))
    inner = _decoder(fields)
    family = _family(inner)
    storage = storage_of(inner if inner.has("quantization_config") else fields)
    values = {key: value for key, value in family(inner).items() if value is not None}
    source = Source(
        id="configuration",
        name=name,
        kind=SourceKind.ARCHITECTURE,
        confidence=Confidence.PRIMARY,
        date="",
        url=f"file:{name}",
    )
    workload = Workload(id="configuration", name=_title(fields, inner), **values, sources={source: tuple(values)})
    fields.note("Counted: tables, attention, MLPs, experts, routers, norms and biases.")
    return Checkpoint(
        workload=workload,
        scheme=storage.scheme,
        attention_quantised=storage.attention,
        shared_quantised=storage.shared,
        notes=tuple(fields.notes),
    )


def _decoder(fields: Fields) -> Fields:
    """Return the fields of the language model, which a multimodal configuration nests."""
    if fields.flag("is_encoder_decoder", default=False):
        raise BadCheckpoint("is_encoder_decoder is true; decoder-only models are read here.")
    if not fields.has("text_config"):
        return fields
    inner = fields.inner("text_config")
    if fields.has("tie_word_embeddings"):
        inner.values.setdefault("tie_word_embeddings", fields.values["tie_word_embeddings"])
    towers = [each.removesuffix("_config") for each in ("vision_config", "audio_config") if fields.has(each)]
    beside = " and ".join(f"the {each} tower" for each in towers) or "what is beside it"
    fields.note(f"Read from text_config; not counted: {beside}.")
    return inner


def _family(fields: Fields) -> Callable[[Fields], dict[str, Any]]:
    """Return the family that `model_type` names.

    Raises:
        BadCheckpoint: it is not known, or a field says that the layers are of another kind.
    """
    kind = fields.word("model_type")
    if unknown := next((each for each in _UNKNOWN_LAYERS if fields.has(each)), None):
        raise BadCheckpoint(
            f"{fields.path}{unknown} stands for {_UNKNOWN_LAYERS[unknown]}, which are not modelled; "
            "decoders whose layers all have the same kind of attention are read."
        )
    if kind not in FAMILIES:
        raise BadCheckpoint(f"{fields.path}model_type is {shown(kind)}; known are {', '.join(FAMILIES)}.")
    return FAMILIES[kind]


def _title(fields: Fields, inner: Fields) -> str:
    given = fields.values.get("_name_or_path")
    last = given.rstrip("/").rpartition("/")[2] if isinstance(given, str) else ""
    plain = "".join(each for each in last if each.isprintable())[:_NAME_LENGTH]
    return plain or inner.word("model_type")
