"""The text of a configuration as one JSON object, strictly: what is said twice is refused."""

import json
from typing import Any

from rooflab.errors import BadCheckpoint

__all__ = ["LARGEST_CHARACTERS", "parse"]

LARGEST_CHARACTERS = 4_000_000  # the longest of the published files, with a list of unquantised modules, has 0.3 million
_MOST_DIGITS = 18


def parse(text: str) -> dict[str, Any]:
    """Return the object that `text` describes.

    Raises:
        BadCheckpoint: it is larger than 4 MB, no JSON, no object, or names a key twice.
    """
    if len(text) > LARGEST_CHARACTERS:
        raise BadCheckpoint(f"A configuration has a few kilobytes; this text has {len(text) / 1e6:.1f} MB, and 4 MB are read.")
    try:
        found = json.loads(text, object_pairs_hook=_object, parse_int=_whole)
    except RecursionError:
        raise BadCheckpoint("The configuration is nested too deeply to be read; a config.json has three levels.") from None
    except json.JSONDecodeError as error:
        raise BadCheckpoint(f"The configuration is not JSON: {error}.") from error
    if not isinstance(found, dict):
        kind = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}.get(type(found), "a number")
        raise BadCheckpoint(f"A configuration is a JSON object with model_type and the model's dimensions; got {kind}.")
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise BadCheckpoint(f"{name:.60} is given twice in the configuration; one value is accepted.")
        found[name] = value
    return found


def _whole(text: str) -> int | float:
    return int(text) if len(text) <= _MOST_DIGITS else float(text)
