"""A design in a link: what follows the # of the page's address, and nothing is sent anywhere.

The link names the track, the part, the variant and what the part's controls stand at. It is data
from anyone: everything in it is checked, and what the controls do not allow is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from rooflab import tracks
from rooflab.errors import BadLink, LabError
from rooflab.evaluate import evaluate
from rooflab.lab.ledger.computable import allows
from rooflab.lab.ledger.ledger import VARIANT_LIMIT
from rooflab.lab.setting import Setting, setting
from rooflab.specs import Design

__all__ = ["LINK_LIMIT", "SharedDesign", "carries_design", "decode", "encode"]

LINK_LIMIT = 2000
"""Characters: no design comes near, and every browser and messenger carries them."""

_CHECKSUM_LENGTH = 8
_DESIGN = re.compile(r"(?:^|[#&])design=([^&]*)")
_FORM = re.compile(rf"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{{{_CHECKSUM_LENGTH}}})")
_DAMAGED = "This link was cut off or changed on its way. Ask for it again, or open the lab without it."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SharedDesign:
    """What a link carries."""

    track_id: str
    part: int
    variant: int
    design: Design


def encode(track_id: str, part: int, variant: int, design: Design) -> str:
    """Return the fragment that carries a design of a part, as the controls set it.

    Raises:
        BadLink: the design differs from where the part starts in what no control sets.
    """
    place = setting(track_id, part, variant)
    plain, start = design.to_json(), place.start.to_json()
    values = {each.id: plain[each.id] for each in place.part.controls}
    if fixed := [name for name in plain if name not in values and plain[name] != start[name]]:
        raise BadLink(f"No control of part {part} sets {fixed[0]}, so no link can carry it.")
    text = json.dumps({"t": track_id, "p": part, "v": variant, "d": values}, separators=(",", ":"))
    return f"#design={_packed(text.encode())}.{_checksum(text.encode())}"


def carries_design(fragment: str) -> bool:
    """Say whether a fragment claims to carry a design."""
    return _DESIGN.search(fragment) is not None


def decode(fragment: str) -> SharedDesign:
    """Return the design that a fragment such as `#design=...` carries.

    Raises:
        BadLink: it carries none, it was cut off or forged, or this lab cannot show the design;
            the message says which.
    """
    found = _DESIGN.search(fragment)
    if found is None:
        raise BadLink("This link carries no design.")
    if len(found[1]) > LINK_LIMIT:
        raise BadLink(f"This link is longer than {LINK_LIMIT} characters, and no design's link is.")
    content = _content(found[1])
    place = _place(content)
    design = _design(place, content["d"])
    return SharedDesign(track_id=place.track.id, part=place.part.number, variant=place.variant, design=design)


def _content(packed: str) -> Mapping[str, object]:
    form = _FORM.fullmatch(packed)
    if form is None:
        raise BadLink(_DAMAGED)
    try:
        raw = base64.urlsafe_b64decode(form[1] + "=" * (-len(form[1]) % 4))
    except (binascii.Error, ValueError):
        raise BadLink(_DAMAGED) from None
    if _checksum(raw) != form[2] or _packed(raw) != form[1]:
        raise BadLink(_DAMAGED)
    try:
        content = json.loads(raw, parse_constant=_refuse, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        raise BadLink(_DAMAGED) from None
    if not isinstance(content, dict) or set(content) != {"t", "p", "v", "d"} or not isinstance(content["d"], dict):
        raise BadLink("This link was not made by this lab: it does not hold what a design's link holds.")
    return content


def _place(content: Mapping[str, object]) -> Setting:
    track_id, part, variant = content["t"], content["p"], content["v"]
    known = [each.id for each in tracks.TRACKS]
    if track_id not in known:
        raise BadLink(f"This link is for a track that this lab does not have; it has {', '.join(known)}.")
    if type(part) is not int or not 1 <= part <= 3:
        raise BadLink("This link is for a part that does not exist; parts are numbered 1 to 3.")
    if type(variant) is not int or not 0 <= variant <= VARIANT_LIMIT:
        raise BadLink(f"This link's variant must be a whole number from 0 to {VARIANT_LIMIT}.")
    try:
        return setting(track_id, part, variant)
    except LabError as error:
        raise BadLink(f"This link cannot be followed: {error}") from None


def _design(place: Setting, values: Mapping[str, object]) -> Design:
    controls = {each.id: each for each in place.part.controls}
    missing = [name for name in controls if name not in values]
    if missing or len(values) != len(controls):
        raise BadLink(
            f"This link does not set what part {place.part.number} of {place.track.name} lets one set: "
            f"{', '.join(controls)}."
        )
    for name, control in controls.items():
        if not allows(control, values[name]):
            raise BadLink(f"This link sets {control.label} to a value that the control does not offer.")
    try:
        design = place.start.replace(**values)
        evaluate(place.scenario, design)
    except LabError as error:
        raise BadLink(f"This link's design cannot be built: {error}") from None
    return design


def _packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _checksum(raw: bytes) -> str:
    return _packed(hashlib.sha256(raw).digest())[:_CHECKSUM_LENGTH]


def _refuse(name: str) -> float:
    raise ValueError(name)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("the same name twice")
    return made
