"""Files that a reader brings: a model's config.json, or a device card in JSON or TOML."""

import json
from dataclasses import dataclass, replace

from rooflab.cards.reading import read_card
from rooflab.checkpoints import Checkpoint, read_checkpoint
from rooflab.errors import BadCard, BadCheckpoint, LabError
from rooflab.open_bench.device import completed
from rooflab.specs import Device

__all__ = ["FILE_LIMIT_BYTES", "LoadedFile", "read_file"]

FILE_LIMIT_BYTES = 1_000_000
_NAME_LIMIT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedFile:
    """A file that was read, with its text, so that it can be read again; it has a model or a device."""

    name: str
    text: str
    checkpoint: Checkpoint | None = None
    device: Device | None = None


def read_file(name: str, data: bytes) -> LoadedFile:
    """Return what the file of that name holds.

    Raises:
        LabError: it is neither a configuration nor a card, or one that cannot be used here; the message names the file.
    """
    shown = "".join(each for each in name.rpartition("/")[2] if each.isprintable())[:_NAME_LIMIT] or "The file"
    try:
        if len(data) > FILE_LIMIT_BYTES:
            raise BadCheckpoint("it is larger than 1 MB, and neither a config.json nor a device card is.")
        text = _text(data)
        if _is_configuration(text):
            return LoadedFile(name=shown, text=text, checkpoint=read_checkpoint(text, name=shown))
        card = read_card(text)
        if not isinstance(card, Device):
            raise BadCard(f"{card.name} is a microcontroller, and serves no language model.")
        # The published rows that grade a known device do not grade a card that replaces it.
        return LoadedFile(name=shown, text=text, device=completed(replace(card, id=f"card-{card.id}")))
    except LabError as error:
        raise LabError(f"{shown}: {error}") from error


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadCheckpoint("it is no text in UTF-8, as a config.json or a device card is.") from None


def _is_configuration(text: str) -> bool:
    """Say which of the two a text is meant to be; an object that is no JSON is left to the reader of configurations.

    Raises:
        BadCheckpoint: it is empty, or an object that is neither.
    """
    start = text.lstrip()[:1]
    if not start:
        raise BadCheckpoint("it is empty.")
    if start != "{":
        return False
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return True
    if not {"model_type", "text_config", "schema"} & set(found):
        raise BadCheckpoint("it has neither the model_type of a config.json nor the schema of a device card.")
    return "schema" not in found or "model_type" in found
