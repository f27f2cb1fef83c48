"""Whether what a learner wrote says something: what is missing, and an example of the form, never of the content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rooflab.specs import Part
from rooflab.units import counted

__all__ = ["EXAMPLES", "LEAST_WORDS", "asked_again"]

LEAST_WORDS = 5
NAMES_A_READING = ("claim", "rejected_alternative", "reevaluation_trigger")
"""Fields that must name a reading or a number."""

EXAMPLES = {
    "claim": '"<what binds or what you did>, because <reading> is <number>"',
    "tradeoff": '"<remedy> costs <what>, paid by <whom>"',
    "rejected_alternative": '"<other remedy>, because <reading> would only reach <number>"',
    "residual_risk": '"It no longer holds when <what changes>"',
    "reevaluation_trigger": '"If <reading> rose above <number>, I would <do what>"',
}

# A letter of a script that does not part words counts as one.
_WORD = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af]|[^\W\u2e80-\u9fff\uac00-\ud7af]+")
_NUMBER = re.compile(r"\d")
_KNOWN = re.compile(
    r"\b(?:mbu|mfu|hfu|p\s?50|p\s?99|p\s?99\.9|throughput|bandwidth|intensity|ridge|bus|power|traffic|gap|gaps|latency|misses|"
    r"memory|frame time|duty|delay|speed-?up|bw_mem|r_peak|l_lat)\b",
    re.IGNORECASE,
)


def asked_again(part: Part, texts: Mapping[str, str], others: Iterable[str] = ()) -> dict[str, str]:
    """Return, by field, what is missing from texts that say nothing, with an example of the form.

    `others` are names of readings, which count as named beside those that the part has.
    """
    names = tuple(each.name.casefold() for each in part.gauges) + tuple(each.casefold() for each in others)
    plain = {field: " ".join(_WORD.findall(text.casefold())) for field, text in texts.items()}
    found = {}
    for field, text in texts.items():
        missing = _missing(field, text, plain, names)
        if missing:
            found[field] = f"{missing} For example: {EXAMPLES[field]}."
    return found


def _missing(field: str, text: str, plain: Mapping[str, str], names: tuple[str, ...]) -> str:
    words = len(_WORD.findall(text))
    if words < LEAST_WORDS:
        return f"It has {counted(words, 'word')}; say it in a sentence."
    if list(plain.values()).count(plain[field]) > 1:
        return "It is the same as another field; each asks for something else."
    low = text.casefold()
    if field in NAMES_A_READING and not (_NUMBER.search(text) or _KNOWN.search(text) or any(each in low for each in names)):
        return "It names no reading and no number."
    return ""
