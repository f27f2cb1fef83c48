"""Known models in the format in which their makers released them."""

from rooflab.checkpoints.checkpoint import Checkpoint
from rooflab.checkpoints.weights import FP8_BLOCKS, MXFP4, Storage
from rooflab.specs import WEIGHT_SCHEMES, Workload

__all__ = ["released"]

# The quantization_config of the released files; all others are in 16 bits.
_STORAGE = {
    "deepseek-v3": Storage(FP8_BLOCKS),
    "gpt-oss-120b": Storage(MXFP4, attention=False),
    "gpt-oss-20b": Storage(MXFP4, attention=False),
}


def released(workload: Workload) -> Checkpoint:
    """Return a known model with its weights as they were released."""
    storage = _STORAGE.get(workload.id, Storage(WEIGHT_SCHEMES["bf16"]))
    return Checkpoint(
        workload=workload,
        scheme=storage.scheme,
        attention_quantised=storage.attention,
        shared_quantised=storage.shared,
        notes=(f"{workload.name} is known by its name; its weights are taken to be as released, {storage.scheme.name}.",),
    )
