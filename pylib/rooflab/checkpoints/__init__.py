"""Published models: a Hugging Face `config.json` as a workload and a weight format."""

from rooflab.checkpoints.by_name import released
from rooflab.checkpoints.checkpoint import Checkpoint
from rooflab.checkpoints.reading import read_checkpoint

__all__ = ["Checkpoint", "read_checkpoint", "released"]
