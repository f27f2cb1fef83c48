"""Predicted against measured on two logarithmic axes, as an SVG that needs no script."""

from __future__ import annotations

import math
from dataclasses import dataclass

from page_markup import text

__all__ = ["Point", "panel"]

SIDE, LEFT, BOTTOM, TOP = 200, 50, 34, 8
NEAR_FRACTION = 0.10
FAR_FRACTION = 0.35


@dataclass(frozen=True)
class Point:
    """A row: what was measured, what was predicted, whether it counts, and what to say of it."""

    measured: float
    predicted: float
    graded: bool
    words: str


def panel(title: str, caption: str, unit: str, points: list[Point]) -> str:
    """Return a figure; its band is a tenth to either side of equality."""
    low, high = _limits([value for each in points for value in (each.measured, each.predicted)])
    span = high - low

    def at(value: float) -> float:
        return (math.log10(value) - low) / span * SIDE

    def x(value: float) -> float:
        return LEFT + at(value)

    def y(value: float) -> float:
        return TOP + SIDE - at(value)

    width = math.log10(1 + NEAR_FRACTION) / span * SIDE
    parts = [
        f'<clipPath id="{_id(title)}"><rect x="{LEFT}" y="{TOP}" width="{SIDE}" height="{SIDE}"/></clipPath>',
        f'<g clip-path="url(#{_id(title)})"><polygon class="near" points="'
        f'{LEFT},{TOP + SIDE - width:.1f} {LEFT + SIDE - width:.1f},{TOP} {LEFT + SIDE},{TOP} {LEFT + SIDE},{TOP + width:.1f} '
        f'{LEFT + width:.1f},{TOP + SIDE} {LEFT},{TOP + SIDE}"/></g>',
    ]
    for tick in _ticks(low, high):
        parts.append(f'<path class="grid" d="M{x(tick):.1f} {TOP}V{TOP + SIDE}M{LEFT} {y(tick):.1f}H{LEFT + SIDE}"/>')
        words = text(_short(tick) if unit else f"{tick:g}")
        parts.append(f'<text x="{x(tick):.1f}" y="{TOP + SIDE + 14}" text-anchor="middle">{words}</text>')
        parts.append(f'<text x="{LEFT - 4}" y="{y(tick) + 4:.1f}" text-anchor="end">{words}</text>')
    parts.append(f'<path class="equal" d="M{LEFT} {TOP + SIDE}L{LEFT + SIDE} {TOP}"/>')
    parts.append(f'<rect class="frame" x="{LEFT}" y="{TOP}" width="{SIDE}" height="{SIDE}"/>')
    for each in sorted(points, key=lambda point: point.graded):
        parts.append(_mark(each, x(each.measured), y(each.predicted)))
    words = f"measured ({unit})" if unit else "measured"
    parts.append(f'<text x="{LEFT + SIDE / 2}" y="{TOP + SIDE + 28}" text-anchor="middle">{text(words)}</text>')
    middle = TOP + SIDE / 2
    parts.append(f'<text transform="translate(10 {middle}) rotate(-90)" text-anchor="middle">predicted</text>')
    label = f"{title}: {caption}"
    return (
        f'<figure class="panel"><figcaption><strong>{text(title)}</strong>{text(caption)}</figcaption>'
        f'<svg viewBox="0 0 {LEFT + SIDE + 10} {TOP + SIDE + BOTTOM}" role="img" aria-label="{text(label)}">{"".join(parts)}</svg></figure>\n'
    )


def _mark(point: Point, x: float, y: float) -> str:
    title = f"<title>{text(point.words)}</title>"
    if not point.graded:
        return f'<circle class="ungraded" cx="{x:.1f}" cy="{y:.1f}" r="4">{title}</circle>'
    if abs(point.predicted / point.measured - 1) > FAR_FRACTION:
        return f'<rect class="far" x="{x - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9">{title}</rect>'
    return f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="4.5">{title}</circle>'


def _limits(values: list[float]) -> tuple[float, float]:
    """Return the ends of an axis, in decades: all values with room around, half a decade at least."""
    low, high = math.log10(min(values)), math.log10(max(values))
    room = max((0.5 - (high - low)) / 2, 0.08 * (high - low), 0.06)
    return low - room, high + room


def _ticks(low: float, high: float) -> list[float]:
    """Return three to six round values: decades, or 1, 2, 5, or finer."""
    for steps in ((1,), (1, 3), (1, 2, 5), (1, 1.5, 2, 3, 5, 7)):
        found = [
            step * 10.0**power
            for power in range(math.floor(low) - 1, math.ceil(high) + 1)
            for step in steps
            if low <= math.log10(step * 10.0**power) <= high
        ]
        if len(found) >= 3:
            return found if len(found) <= 6 else found[:: math.ceil(len(found) / 6)]
    return found


def _short(value: float) -> str:
    for scale, prefix in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1, ""), (1e-3, "m"), (1e-6, "µ")):
        if value >= scale * 0.9999:
            return f"{value / scale:g}{prefix}"
    return f"{value / 1e-9:g}n"


def _id(title: str) -> str:
    return "clip-" + "".join(each if each.isalnum() else "-" for each in title.lower())
