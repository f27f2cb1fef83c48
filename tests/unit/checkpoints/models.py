"""The public configurations of `tests/inputs/models.json`, by name."""

import json
from pathlib import Path

from rooflab.checkpoints import Checkpoint, read_checkpoint

__all__ = ["MODELS", "config", "read"]

MODELS = {
    each["name"]: each
    for each in json.loads((Path(__file__).parents[2] / "inputs" / "models.json").read_text(encoding="utf-8"))["models"]
}


def config(name: str, **changes) -> dict:
    """Return the configuration of a model, with `changes`; a field that becomes `...` is left out."""
    changed = MODELS[name]["config"] | changes
    return {key: value for key, value in changed.items() if value is not ...}


def read(name: str, **changes) -> Checkpoint:
    """Read the configuration of a model, with `changes`."""
    return read_checkpoint(json.dumps(config(name, **changes)), name="config.json")
