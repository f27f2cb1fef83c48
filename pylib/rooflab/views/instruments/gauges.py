"""How one figure is drawn: its value, a bar up to its target or its range, what it was before, and words for each."""

from rooflab.evaluate import Outcome
from rooflab.lab.instruments import figure
from rooflab.model.capacity import available_words
from rooflab.systems.outcome import EXACT_FRACTION
from rooflab.systems.picture import HIDDEN
from rooflab.units import format_bytes, format_fraction, format_ratio, format_reading
from rooflab.views.markup import element

__all__ = ["gauge_cell", "key", "memory_cell", "stack"]


def gauge_cell(bench, gauge, outcome: Outcome):
    """Draw one figure of the bench; a hidden one says when it is scored."""
    if bench.hides(gauge.quantity):
        return _hidden(gauge)
    held = next((each for each in outcome.targets if each.target.quantity == gauge.quantity), None)
    value, before = figure(outcome, gauge.quantity), _before(bench, gauge)
    return _gauge(gauge, value, held, outcome.cannot_run, _reference_words(bench, gauge), before)


def _reference_words(bench, gauge):
    """Say what the reference reaches in a figure that a target holds; nothing where there is none to be seen."""
    reference = bench.reference
    if reference is None or gauge.quantity not in {each.target.quantity for each in reference.targets}:
        return ""
    return f"{bench.scenario.reference_name}: {format_reading(figure(reference, gauge.quantity), gauge.unit)}"


def _before(bench, gauge):
    """Return what the figure was when the learner last pinned or scored; None where it was hidden, or nothing that counts."""
    before = bench.before
    if before is None or before.outcome.cannot_run is not None or bench.hides(gauge.quantity, before.design):
        return None
    return figure(before.outcome, gauge.quantity)


def _before_words(gauge, before, value):
    if before is None:
        return ""
    was, now = (format_reading(each, gauge.unit) for each in (before, value))
    return f"was {was}" if was != now else ""


def _hidden(gauge):
    return element(
        "div",
        element("span", gauge.name, class_="rp-gauge-name"),
        element("span", "–", class_="rp-gauge-value"),
        element("span", HIDDEN, class_="rp-note"),
        class_="rp-gauge",
    )


def _gauge(gauge, value, held, stopped, beside, before):
    """Draw one figure; where a target holds it, a full bar is its limit. What cannot run is held to none."""
    if stopped:
        shown = "unbounded" if gauge.quantity in stopped.unbounded else format_reading(value, gauge.unit)
        return _framed(gauge, shown, None, None, "", "rp-gauge rp-void")
    judged = held is not None and bool(held.judged)
    full = held.target.limit if judged else gauge.full
    over = full is not None and value > full * (1 + EXACT_FRACTION * bool(not judged or held.met))
    bar, beyond = (None, None)
    if full is not None:
        bar, beyond = _meter(gauge.name, value / full, "its target" if judged else format_reading(full, gauge.unit), over=over, before=None if before is None else before / full)
    words = None
    if held is not None:
        words = f"{held.target_sign}: {held.margin_words}" if judged else f"{held.target_sign}, for {held.target.phase} only"
    class_ = f"rp-gauge {'rp-met' if held.met else 'rp-missed'}" if judged else "rp-gauge"
    note = "; ".join(filter(None, (words, "over range" if beyond and judged else beyond, beside)))
    return _framed(gauge, format_reading(value, gauge.unit), bar, note, _before_words(gauge, before, value), class_)


def _framed(gauge, value, bar, note, was, class_):
    """Lay out one figure; what it was has a line of its own, empty or not, so that the strip keeps its height when a control moves."""
    return element(
        "div",
        element("span", gauge.name, class_="rp-gauge-name"),
        element("span", value, class_="rp-gauge-value"),
        bar,
        element("span", note, class_="rp-note") if note else None,
        element("span", was, class_="rp-note rp-was-words"),
        class_=class_,
    )


def _meter(name, share, full, *, over, before=None):
    """Fill a bar to a share of `full`, in words; one that is beyond has a mark at its end and says so, and what was before has a mark."""
    beyond = f"over range: {format_ratio(share)} {full}, where the bar ends" if over else None
    return element(
        "div",
        element("i", style=f"width:{min(share, 1):.2%}"),
        element("b", class_="rp-beyond") if over else None,
        element("b", class_="rp-was", style=f"left:{min(max(before, 0), 1):.2%}") if before is not None and before != share else None,
        class_="rp-bar",
        role="meter",
        aria_label=f"{name}, of {full}",
        aria_valuemin=0,
        aria_valuemax=100,
        aria_valuenow=f"{min(100 * share, 100):.1f}",
        aria_valuetext=beyond or format_fraction(share),
    ), beyond


def memory_cell(capacity):
    """Show what fills the memory that limits; what does not fit is said and drawn past the mark."""
    available = float(capacity.available_bytes)
    needed = float(capacity.needed_bytes)
    scale = max(available, needed)
    fits = bool(capacity.fits)
    return element(
        "div",
        element("span", "Memory" if fits else "Out of memory", class_="rp-gauge-name"),
        element("span", format_bytes(needed), class_="rp-gauge-value"),
        stack(
            [(f"rp-part-{place}", size / scale) for place, size in enumerate(float(bytes_) for _, bytes_ in capacity.parts)],
            mark=available / scale,
        ),
        element("span", f"of {available_words(capacity)}", class_="rp-note"),
        class_="rp-gauge rp-wide" if fits else "rp-gauge rp-wide rp-over",
    )


def stack(shares, mark=None):
    return element(
        "div",
        *(element("i", class_=class_, style=f"width:{share:.2%}") for class_, share in shares),
        element("b", style=f"left:{mark:.2%}") if mark is not None and mark < 1 else None,
        class_="rp-bar rp-stack",
        aria_hidden="true",
    )


def key(items):
    return element(
        "ul",
        *(
            element("li", element("i", class_=f"rp-swatch {class_}", aria_hidden="true"), f"{words} ", element("span", value))
            for class_, words, value in items
        ),
        class_="rp-key",
    )
