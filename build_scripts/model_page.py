"""The page "The model": units, equations, assumptions and facts, all read from the package."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from types import ModuleType
from typing import Any

from page_markup import Page, Raw, anchor, docstring, link, section, table, text
from rooflab import values
from rooflab.evaluate import error_band, evaluate, formulas
from rooflab.lab.instruments import INSTRUMENTS
from rooflab.specs import Scenario, Source, Sourced
from rooflab.tracks import TRACKS
from rooflab.units import format_number, format_quantity

__all__ = ["UNITS", "model_page", "records"]

LEAD = "Every equation, assumption, constant and fact behind the lab, with its unit and its source."
# The last part of a name says the unit; longer ones come first.
UNITS = {
    "flop_per_byte": ("FLOP/B", "arithmetic intensity"),
    "flop_per_s": ("FLOP/s", "rate of arithmetic; a multiply and an add are two operations"),
    "bytes_per_s": ("B/s", "bandwidth, decimal"),
    "j_per_flop": ("J/FLOP", "energy of an operation"),
    "j_per_byte": ("J/B", "energy of a byte that is moved"),
    "k_per_w": ("K/W", "thermal resistance"),
    "j_per_k": ("J/K", "heat capacity"),
    "per_s": ("1/s", "rate"),
    "bytes": ("B", "data, decimal; capacities of memories are sold in powers of two where the record says so"),
    "flop": ("FLOP", "operations; one multiply-accumulate is two"),
    "cycles": ("cycles", "clock cycles"),
    "fraction": ("", "share of one"),
    "factor": ("", "ratio of two like quantities"),
    "count": ("", "number of things"),
    "hz": ("Hz", "clock"),
    "w": ("W", "power"),
    "j": ("J", "energy"),
    "c": ("°C", "temperature"),
    "v": ("V", "voltage"),
    "a": ("A", "current"),
    "m": ("m", "length"),
    "s": ("s", "time"),
}
# The names that signatures use for what may be one thing or several.
VALUES = {
    "Values": "a number, or an array of them for a grid of designs",
    "Flags": "whether something holds, or an array of that",
    "Words": "a choice by its word, or an array of words",
    "Plain": "what JSON carries: a word, a number, a flag, or a list or table of these",
}
# The letters that equations of several instruments share.
SYMBOLS = {
    "O": "operations, a multiply and an add counted separately",
    "D_vol": "bytes that main memory moves, after caches and fusion",
    "I": "arithmetic intensity",
    "I*": "ridge point",
    "P(I)": "roof above an intensity",
    "R_peak": "peak rate of the format in use, dense",
    "BW": "bandwidth of main memory",
    "η_b": "share of the bandwidth that kernels reach",
    "η_c": "share of the peak that kernels reach",
    "T": "time of a step, a frame or a hop",
    "L_lat": "launches and dispatch",
    "B": "batch: sequences, frames or hops at once",
    "Σ": "sum over kernels",
}
PLAIN = {"id", "name", "note", "sources"}


def model_page() -> Page:
    """Make the page from what the package says of itself."""
    made = [
        ("units", "Units and names", _units()),
        ("equations", "Equations of the instruments", _equations()),
        ("physics", "The physics, function by function", _modules("rooflab.model")),
        ("pipeline", "From a design to its outcome", "".join(map(_modules, ("rooflab.evaluate", "rooflab.systems", "rooflab.analyses")))),
        ("facts", "Facts", _facts()),
        ("sources", "Sources", _sources()),
    ]
    body = "".join(section(id_, title, content) for id_, title, content in made)
    return Page(
        name="model.html",
        title="The model",
        lead=LEAD,
        sections=tuple((id_, title) for id_, title, _ in made),
        body=body,
    )


def _units() -> str:
    rows = [(Raw(f"<code>_{suffix}</code>"), unit or "none", words) for suffix, (unit, words) in UNITS.items()]
    return (
        "<p>All quantities are in SI base units. The name of a quantity ends in its unit; a test refuses one that does not.</p>"
        + table("Endings of names, with their units", ("Ending", "Unit", "Meaning"), rows, words=(2,))
        + table("Types in signatures", ("Name", "Meaning"), [(Raw(f"<code>{name}</code>"), words) for name, words in VALUES.items()])
        + table("Symbols that equations share", ("Symbol", "Meaning"), SYMBOLS.items())
    )


def _equations() -> str:
    """Formulas of Math Peek in symbols, once for each instrument and track; no track's numbers."""
    parts = []
    for track in TRACKS:
        scenario = track.scenario(0)
        design = scenario.crisis
        outcome = evaluate(scenario, design)
        band = error_band(scenario, design, outcome).words
        titles = {each.formula: each.title for each in INSTRUMENTS} | {each.id: each.name for each in track.part(1).gauges}
        rows = [
            (
                _shown_by(each.instrument, titles),
                _without(each.name, outcome.operators.names),
                Raw(f"<code>{text(each.symbols)}</code>"),
                _general(each.meaning.replace(band, "")),
            )
            for each in formulas(scenario, design, outcome)
        ]
        parts.append(f'<h3 id="equations-{anchor(track.id)}">{text(track.name)}</h3>')
        parts.append(table(f"Equations of {track.name}", ("Instrument", "Quantity", "In symbols", "Meaning"), rows, words=(2, 3)))
    return "<p>Math Peek in the lab shows the same with the numbers of the design at hand.</p>" + "".join(parts)


def _shown_by(instrument: str, titles: Mapping[str, str]) -> str:
    """Return the title of an instrument or the name of a gauge; a formula of neither is called by its id."""
    title = titles.get(instrument, instrument.replace("-", " "))
    return title[:1].upper() + title[1:]


def _without(name: str, operators: tuple[str, ...]) -> str:
    for each in operators:
        name = name.replace(each, "an operator")
    return name


def _general(meaning: str) -> str:
    """Leave out the sentences that carry numbers of the design at hand."""
    return " ".join(each for each in re.split(r"(?<=\.) ", meaning.strip()) if not re.search(r"\d", each))


def _public_modules(package: str) -> Iterator[ModuleType]:
    root = importlib.import_module(package)
    yield root
    for found in sorted(pkgutil.walk_packages(getattr(root, "__path__", ()), package + "."), key=lambda each: each.name):
        yield importlib.import_module(found.name)


def _modules(package: str) -> str:
    parts = []
    for module in _public_modules(package):
        own = [
            (name, getattr(module, name))
            for name in getattr(module, "__all__", ())
            if getattr(getattr(module, name), "__module__", None) == module.__name__
        ]
        described = [(name, each) for name, each in own if inspect.isfunction(each) or inspect.isclass(each)]
        if not described:
            continue
        parts.append(f'<h3 id="module-{text(module.__name__)}"><code>{text(module.__name__)}</code></h3>\n{docstring(module.__doc__)}')
        parts.extend(_described(module, name, each) for name, each in described)
    return "".join(parts)


def _described(module: ModuleType, name: str, thing: Any) -> str:
    if inspect.isclass(thing):
        fields = ", ".join(each.name for each in dataclasses.fields(thing)) if dataclasses.is_dataclass(thing) else ""
        heading = f"{name}({fields})"
    else:
        heading = name + str(inspect.signature(thing))
    for alias in values.__all__:
        heading = heading.replace(str(getattr(values, alias)), alias)
    heading = re.sub(r"rooflab\.[a-z_.]+\.", "", heading)
    return f'<h4 id="{module.__name__}.{name}"><code>{text(heading)}</code></h4>\n{docstring(inspect.getdoc(thing))}'


def records() -> dict[str, tuple[Sourced, ...]]:
    """Return every record of facts by the module that holds it, each once, in the order of ids."""
    found: dict[str, dict[str, Sourced]] = {}
    for module in _public_modules("rooflab.facts"):
        for value in vars(module).values():
            values = value if isinstance(value, tuple) else (value,)
            for each in values:
                if isinstance(each, Sourced) and not isinstance(each, Scenario):
                    seen = any(each is other for group in found.values() for other in group.values())
                    if not seen:
                        found.setdefault(module.__name__, {})[each.id] = each
    return {name: tuple(group[id_] for id_ in sorted(group)) for name, group in found.items()}


def _facts() -> str:
    parts = []
    for name, group in records().items():
        module = importlib.import_module(name)
        parts.append(f'<h3 id="module-{text(name)}"><code>{text(name)}</code></h3>\n{docstring(module.__doc__)}')
        for record in group:
            rows = [
                (_label(each.name), _value(each.name, getattr(record, each.name)), *_origin(record.source_of(each.name)))
                for each in dataclasses.fields(record)
                if each.name not in PLAIN and getattr(record, each.name) not in (None, (), {})
            ]
            parts.append(table(getattr(record, "name", record.id), ("Fact", "Value", "Source", "Confidence"), rows, words=(1, 2)))
    return "".join(parts)


def _origin(source: Source) -> tuple[Raw, Raw]:
    words = text(source.confidence)
    if source.confidence == "assumed":
        words = f'<span class="assumed">{words}</span>'
    return Raw(f'<a href="#source-{anchor(source.id)}">{text(source.name)}</a>'), Raw(words)


def _label(name: str) -> str:
    for suffix in UNITS:
        if name.endswith("_" + suffix):
            name = name.removesuffix("_" + suffix)
            break
    return name.replace("_", " ")


def _unit_of(name: str) -> str | None:
    for suffix, (unit, _) in UNITS.items():
        if name == suffix or name.endswith("_" + suffix):
            return unit
    return None


def _value(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{_plain(key)}: {_value(name, each)}" for key, each in value.items())
    if isinstance(value, tuple):
        return "; ".join(_value("", each) for each in value)
    if dataclasses.is_dataclass(value):
        return ", ".join(f"{each.name} {_value(each.name, getattr(value, each.name))}" for each in dataclasses.fields(value))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _plain(value)
    unit = _unit_of(name)
    if unit in (None, "", "°C", "cycles") or isinstance(value, int):
        return f"{format_number(value)} {unit or ''}".strip()
    return format_quantity(value, unit)


def _plain(value: Any) -> str:
    return str(value.value) if isinstance(value, Enum) else str(value)


def _all_sources() -> list[Source]:
    """Return every source that a module of facts names or a record refers to, in the order of ids."""
    named = {value for module in _public_modules("rooflab.facts") for value in vars(module).values() if isinstance(value, Source)}
    used = {source for group in records().values() for record in group for source in record.sources}
    return sorted(named | used, key=lambda each: each.id)


def _sources() -> str:
    rows = []
    for each in _all_sources():
        title = Raw(f'<span id="source-{anchor(each.id)}">{link(each.url, each.name)}</span>')
        rows.append((title, each.kind, each.confidence, each.date, each.note))
    meanings = (
        ("primary", "the source's own text was read"),
        ("secondary", "read in an independent copy"),
        ("memory", "not verified"),
        ("assumed", "no public figure: set for the lab"),
    )
    return table("What the words for confidence mean", ("Confidence", "Meaning"), meanings) + table(
        "All sources", ("Source", "Kind", "Confidence", "Date", "Note"), rows, words=(4,)
    )
