"""The living picture of a roofline: a roof that rises, the chosen layer's dot that stays or comes along, and what takes its time."""

import math

from rooflab.errors import BadDesign
from rooflab.model.roofline import BOUNDS
from rooflab.specs.scenario import Roof
from rooflab.systems.outcome import Outcome
from rooflab.systems.picture import Picture, pace_of
from rooflab.units import format_number, format_quantity, format_ratio, format_time
from rooflab.values import Plain

__all__ = ["roof_picture"]

_LANES = ("memory traffic", "arithmetic", "launch overhead", "link traffic")
_ROOM = 10.0  # from a ridge to the end of the axis
_SHOWN = (0.05, 2e4)  # FLOP per byte, of layers that are not chosen
_MOST_DECADES = 5  # below the roof, for those
_SAME = 1e-6  # of a roof's figure: less is rounding
_STAYS = 0.005  # of a layer's rate: less is no move that a picture shows


def roof_picture(outcome: Outcome, layer: str, roofs: tuple[Roof, ...], *, real: Outcome | None = None) -> Picture:
    """Return one layer under the roofs; the first is the one that the design runs under, and a second is drawn thin.

    `real` is the outcome with nothing supposed, where something is: the second roof is then the device's own. A period is
    the layer's time, in which its traffic and its arithmetic run side by side.

    Raises:
        BadDesign: the design has no such layer.
    """
    if layer not in outcome.operators.ids:
        raise BadDesign(f"The design has no operator {layer!r}; it has {', '.join(outcome.operators.ids)}.")
    at = outcome.operators.ids.index(layer)
    layer_s = float(outcome.operators.time_s[at])
    numbers = {
        "axes": _axes(outcome, real or outcome, at, roofs),
        "roofs": [_roof(each) for each in roofs[:2]],
        "supposed": real is not None,
        "dots": _dots(outcome, at),
        "own": _own_ceiling(outcome, at),
        "stood": real and _dot(real, at),
        "layer": outcome.operators.names[at],
        "layer_s": layer_s,
        "layer_label": f"{outcome.operators.names[at]}: {format_time(layer_s)}",
        "lanes": _lanes(outcome, at),
        "stopped": outcome.cannot_run and outcome.cannot_run.kind,
    }
    return Picture(
        kind="roof",
        title=_title(outcome, at, roofs, real),
        words=_words(outcome, at, roofs, real),
        rows=_rows(outcome, at, roofs, real),
        pace=pace_of(layer_s),
        numbers=numbers,
    )


def _roof(roof: Roof) -> dict[str, Plain]:
    ridge = roof.peak_flop_per_s / roof.hbm_bytes_per_s
    return {
        "peak_flop_per_s": float(roof.peak_flop_per_s),
        "bytes_per_s": float(roof.hbm_bytes_per_s),
        "ridge_flop_per_byte": float(ridge),
        "name": roof.name,
        "label": roof.beside(f"{roof.name}, ridge {format_number(ridge)}"),
        "peak_label": format_quantity(roof.peak_flop_per_s, "FLOP/s"),
        "slope_label": format_quantity(roof.hbm_bytes_per_s, "B/s"),
    }


def _dot(outcome: Outcome, at: int) -> dict[str, Plain] | None:
    """Return where an operator stands; None for one without arithmetic, which has no place on logarithmic axes."""
    operators = outcome.operators
    attained = float(operators.attained_flop_per_s[at])
    if attained <= 0:
        return None
    return {
        "flop_per_byte": float(operators.intensity_flop_per_byte[at]),
        "flop_per_s": attained,
        "bound": BOUNDS[int(operators.bound[at])],
    }


def _dots(outcome: Outcome, at: int) -> list[dict[str, Plain]]:
    names = outcome.operators.names
    dots = [(place, _dot(outcome, place)) for place in range(len(names))]
    return [{**dot, "name": names[place], "chosen": place == at} for place, dot in dots if dot]


def _own_ceiling(outcome: Outcome, at: int) -> dict[str, float] | None:
    """Return the ceiling of the chosen layer's own kernels, a ridge of 0 where they wait for no traffic."""
    operators = outcome.operators
    peak = float(operators.ceiling_flop_per_s[at])
    return {"flop_per_s": peak, "ridge_flop_per_byte": float(operators.ridge_flop_per_byte[at])} if peak > 0 else None


def _lanes(outcome: Outcome, at: int) -> list[dict[str, Plain]]:
    """Return what the chosen layer waits for, in the order of BOUNDS; what takes no time is left out."""
    return [
        {"id": BOUNDS[place], "name": _lane(outcome, at, place), "s": time_s, "label": format_time(time_s), "binds": bool(outcome.operators.bound[at] == place)}
        for place, time_s in _times(outcome, at)
    ]


def _lane(outcome: Outcome, at: int, place: int) -> str:
    """Name what an operator waits for; where no kernel of its own is launched, the host does the work."""
    on_host = BOUNDS[place] == "latency" and not outcome.operators.launches[at]
    return "work on the host" if on_host else _LANES[place]


def _times(outcome: Outcome, at: int) -> list[tuple[int, float]]:
    operators = outcome.operators
    columns = (operators.memory_s, operators.compute_s, operators.launch_s, operators.link_s)
    return [(place, float(column[at])) for place, column in enumerate(columns) if column[at] > 0]


def _axes(outcome: Outcome, real: Outcome, at: int, roofs: tuple[Roof, ...]) -> dict[str, Plain]:
    """Return whole decades around ridges and the chosen layer, with room for a roof that rises.

    Other layers widen them as far as `_SHOWN` goes; beyond that they are drawn at the edge.
    """
    chosen = [dot for each in (outcome, real) if (dot := _dot(each, at))]
    others = [dot for place in range(len(outcome.operators.ids)) if (dot := _dot(outcome, place))]
    ridges = [each.peak_flop_per_s / each.hbm_bytes_per_s for each in roofs[:2]]
    top = max(each.peak_flop_per_s for each in roofs[:2]) * 2
    least, most = _SHOWN
    across = [min(max(each["flop_per_byte"], least), most) for each in others] + [each["flop_per_byte"] for each in chosen]
    rates = [max(each["flop_per_s"], top / 10**_MOST_DECADES) for each in others] + [each["flop_per_s"] for each in chosen]
    low, high = _decades(min(*across, *ridges), max(*across, *(_ROOM * each for each in ridges)))
    bottom, top = _decades(min(rates), top)
    return {
        "low_flop_per_byte": low,
        "high_flop_per_byte": high,
        "low_flop_per_s": bottom,
        "high_flop_per_s": top,
        "across": [{"at": each, "label": format_number(each)} for each in _powers(low, high)],
        "up": [{"at": each, "label": format_quantity(each, "", digits=1)} for each in _powers(bottom, top)],
        "across_name": "FLOP per byte",
        "up_name": "FLOP/s",
    }


def _decades(low: float, high: float) -> tuple[float, float]:
    return 10.0 ** math.floor(math.log10(low)), 10.0 ** math.ceil(math.log10(high))


def _powers(low: float, high: float) -> list[float]:
    return [10.0**power for power in range(round(math.log10(low)), round(math.log10(high)) + 1)]


def _title(outcome: Outcome, at: int, roofs: tuple[Roof, ...], real: Outcome | None) -> str:
    name, bound = outcome.operators.names[at], BOUNDS[int(outcome.operators.bound[at])]
    if not outcome.operators.time_s[at]:
        return f"{name}: no kernel of its own"
    if real is None or (moved := _moved(outcome, real, at)) is None:
        return f"{name}: {bound}-bound under {roofs[0].name}"
    risen = [
        f"{words} × {format_number(now / was)}"
        for words, now, was in (
            ("Rₚₑₐₖ", roofs[0].peak_flop_per_s, roofs[1].peak_flop_per_s),
            ("BWₘₑₘ", roofs[0].hbm_bytes_per_s, roofs[1].hbm_bytes_per_s),
        )
        if abs(now / was - 1) > _SAME
    ]
    if abs(moved - 1) < _STAYS:
        follows = f"stays: {bound}-bound"
    else:
        follows = f"{'comes along' if moved > 1 else 'falls'}, {format_ratio(moved)}: {bound}-bound"
    return f"{', '.join(risen)}: the roof rises, {name} {follows}"


def _moved(outcome: Outcome, real: Outcome, at: int) -> float | None:
    """Return the attained rate over that with nothing supposed; None without arithmetic."""
    now, was = (float(each.operators.attained_flop_per_s[at]) for each in (outcome, real))
    return now / was if was > 0 else None


def _words(outcome: Outcome, at: int, roofs: tuple[Roof, ...], real: Outcome | None) -> str:
    name, drawn = outcome.operators.names[at], [_roof(each) for each in roofs[:2]]
    dot, lanes = _dot(outcome, at), _lanes(outcome, at)
    placed = f"at {_place_words(dot)}" if dot else "does no arithmetic, so it has no place here"
    took = "; ".join(f"{each['name']} {each['label']}" for each in lanes) or "nothing"
    stood = f" With nothing supposed it is {_place_words(_dot(real, at))}." if real and _dot(real, at) else ""
    beside = f" Beside it: {drawn[1]['label']}." if len(drawn) > 1 else ""
    return (
        f"The roof of {drawn[0]['label']}: up to {drawn[0]['peak_label']}, along {drawn[0]['slope_label']}.{beside} "
        f"{name} {placed}.{stood} Its {format_time(float(outcome.operators.time_s[at]))} go by what it waits for: {took}."
    )


def _place_words(dot: dict[str, Plain]) -> str:
    return f"{format_number(dot['flop_per_byte'])} FLOP per byte and {format_quantity(dot['flop_per_s'], 'FLOP/s')}"


def _rows(outcome: Outcome, at: int, roofs: tuple[Roof, ...], real: Outcome | None) -> tuple[tuple[str, str], ...]:
    name, dot = outcome.operators.names[at], _dot(outcome, at)
    stood = real and _dot(real, at)
    own = _own_ceiling(outcome, at)
    return (
        *((f"Roof of {each.name}", f"{_roof(each)['peak_label']} and {_roof(each)['slope_label']}") for each in roofs[:2]),
        (f"{name} stands at", _place_words(dot) if dot else "no place: no arithmetic"),
        *((((f"{name} with nothing supposed"), _place_words(stood)),) if stood else ()),
        *(((f"{name}: its own ceiling", format_quantity(own["flop_per_s"], "FLOP/s")),) if own else ()),
        *((f"{name}: {each['name']}", each["label"] + (", binds" if each["binds"] else "")) for each in _lanes(outcome, at)),
        (f"{name} takes", format_time(float(outcome.operators.time_s[at]))),
        *((f"{each['name']} stands at", _place_words(each)) for each in _dots(outcome, at) if not each["chosen"]),
    )
