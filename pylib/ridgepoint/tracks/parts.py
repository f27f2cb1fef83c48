"""The three parts that every track has; a track fills in those that it offers."""

from dataclasses import replace
from typing import Any

from ridgepoint.specs import Part

__all__ = ["later_parts", "part_one"]

_DIAGNOSTIC = Part(
    number=1,
    title="The diagnostic challenge",
    objective="Diagnose a failing system with the roofline model and the iron law.",
)
_FUSION = Part(
    number=2,
    title="The fusion gain",
    objective="Quantify the memory traffic that operator fusion removes.",
)
_ALGORITHM = Part(
    number=3,
    title="Algorithmic innovation",
    objective="Get past physical walls with speculative decoding or a mixture of experts.",
)


def part_one(**content: Any) -> Part:
    """Return part 1 with the content of a track."""
    return replace(_DIAGNOSTIC, **content)


def later_parts() -> tuple[Part, ...]:
    """Return parts 2 and 3, named and not yet available."""
    return _FUSION, _ALGORITHM
