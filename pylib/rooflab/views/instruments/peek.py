"""Math Peek: each instrument's formula with the current numbers, and every fact with its source."""

from dataclasses import fields, is_dataclass

import panel as pn
import param

from rooflab.analyses.formulas import shared_formulas
from rooflab.evaluate import formulas
from rooflab.specs import Confidence
from rooflab.units import format_count, format_fraction, format_number, format_quantity, format_reading
from rooflab.views.instruments.sight import InstrumentView, redrawn
from rooflab.views.markup import element, joined, table
from rooflab.views.widgets import text, toggle

__all__ = ["PeekView", "formula_list"]

CHECKED = {
    Confidence.PRIMARY: "read in the source itself",
    Confidence.SECONDARY: "read in an independent copy",
    Confidence.MEMORY: "not verified",
    Confidence.ASSUMED: "assumed",
}


class PeekView(InstrumentView):
    """Formulas and sources, written only while they are open."""

    def __init__(self, **params):
        self.formulas = text("", "rp-peek")
        self.sources = text("", "rp-peek")
        self.formulas.visible = self.sources.visible = False
        super().__init__(**params)
        self._layout = pn.Column(
            pn.Row(
                toggle(self.bench.param.sourcing, "Facts and sources"),
                css_classes=["rp-actions"],
                sizing_mode="stretch_width",
            ),
            self.formulas,
            self.sources,
            css_classes=["rp-card"],
            sizing_mode="stretch_width",
        )
        self._open_formulas()
        self._open_sources()

    @param.depends("bench.peeking", watch=True)
    def _open_formulas(self):
        self.formulas.visible = self.bench.peeking
        self._write_formulas()

    @param.depends("bench.sourcing", watch=True)
    def _open_sources(self):
        self.sources.update(
            text=_sources(self.bench.real, asked=self.bench.part.diagnosis is not None) if self.bench.sourcing else "", visible=self.bench.sourcing
        )

    @redrawn("bench.outcome", "bench.layer")
    def _write_formulas(self):
        if not self.bench.peeking:
            return
        scenario, design, outcome = self.bench.scenario, self.bench.design(), self.bench.outcome()
        found = (
            *formulas(scenario, design, outcome, operator_id=self.bench.layer),
            *shared_formulas(scenario, self.bench.part, design, outcome, start=self.bench.start),
        )
        found = [each for each in found if not self.bench.seals(each.instrument)]
        self.formulas.text = joined(
            element("h3", "Every instrument's formula, with your numbers"),
            formula_list(found),
        )

    def __panel__(self):
        return self._layout


def formula_list(found):
    """Write formulas one under the other, in symbols and with the current numbers."""
    return element("dl", *(_formula(formula) for formula in found), class_="rp-formulas")


def _formula(formula):
    return element(
        "div",
        element("dt", formula.name),
        element("dd", element("span", formula.symbols, class_="rp-formula")),
        element("dd", element("span", formula.numbers, class_="rp-formula")),
        element("dd", element("span", f"= {formula.result}", class_="rp-formula rp-result")),
        element("dd", formula.meaning, class_="rp-note"),
        element("dd", "From: ", *_cited(formula.sources), class_="rp-note") if formula.sources else None,
    )


def _cited(sources):
    parts = []
    for source in sources:
        parts += ["; ", link(source)] if parts else [link(source)]
    return parts


def link(source):
    """Name a source, as a link where it has an address, and say if it is an assumption."""
    name = (
        element("a", source.name, href=source.url, target="_blank", rel="noopener noreferrer")
        if source.url.startswith(("https://", "http://"))  # a reader's own file may name any other
        else element("span", source.name)
    )
    return joined(name, element("em", " (assumed)")) if source.assumed else name


def _sources(scenario, *, asked=False):
    """List the facts of the scenario with their values, grouped by where they come from.

    While the learner is `asked` what is wrong, those that answer are left out.
    """
    records = tuple(dict.fromkeys(scenario.records))  # a model may stand in two places of a scenario
    shown = [
        (record, source, tuple(each for each in names if not asked or each not in record.answers))
        for record in records
        for source, names in record.sources.items()
    ]
    groups = [(source, [f"{_called(record, asked)}: ", _facts(record, source, names)]) for record, source, names in shown if names]
    groups += [
        (target.source, [f"Target: {target.name}, {target.source.beside(format_reading(target.limit, target.unit))}"])
        for target in scenario.targets
    ]
    count = sum(len(names) for _, _, names in shown) + len(scenario.targets)
    return joined(
        element("h3", f"{count} facts, each with its source or the word “assumed”"),
        table(
            "Facts behind the numbers on this bench",
            ("Source", "Checked", "Facts"),
            [
                (link(source), ", ".join(filter(None, (CHECKED[source.confidence], source.date))), joined(*facts, _note(source)))
                for source, facts in groups
            ],
            class_="rp-table rp-facts",
        ),
    )


def _called(record, asked):
    if asked and "name" in record.answers:
        return "What you are to find"
    return getattr(record, "name", "Constants of the model")


def _facts(record, source, names):
    return "; ".join(source.beside(f"{_fact(name)} {_value(name, getattr(record, name))}") for name in names)


def _note(source):
    return element("span", f" {source.note}", class_="rp-note") if source.note else None


def _fact(name):
    """Write a field's name without its unit, which stands beside the value."""
    rate = "_bandwidth" if name.endswith("_bytes_per_s") else ""
    for suffix, _ in UNITS:
        if name.endswith(suffix):
            name = name.removesuffix(suffix) + rate
            break
    return " ".join(_WORDS.get(word) or (word.upper() if word in ABBREVIATIONS else word) for word in name.split("_"))


def _key(key):
    return " ".join(str(each).upper() for each in (key if isinstance(key, tuple) else (key,)))


def _record(record):
    """Write the figures of a record inside another, by its name if it has one; what it lacks is left out."""
    figures = {each.name: getattr(record, each.name) for each in fields(record) if each.name not in ("id", "name", "sources")}
    told = [f"{_fact(name)} {_value(name, each)}" for name, each in figures.items() if each not in (None, 0.0) or each is False]
    return "; ".join([*([record.name] if hasattr(record, "name") else []), *told])


def _value(name, value):
    """Write a field's value with the unit that its name ends in."""
    if hasattr(value, "items"):
        return ", ".join(f"{_key(key)} {_value(name, each)}" for key, each in value.items())
    if is_dataclass(value):
        return f"({_record(value)})"
    if isinstance(value, tuple):
        return f"{len(value)} of them"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, int | float):
        return str(getattr(value, "name", value))
    for suffix, write in UNITS:
        if name.endswith(suffix):
            return write(value)
    return format_count(value) if value == int(value) else format_number(value)


ABBREVIATIONS = frozenset({"ffn", "flop", "kv", "l2", "mac", "sm", "tdp"})
_WORDS = {"hbm": "memory"}  # which is no HBM in most devices
UNITS = (
    ("_flop_per_s", lambda value: format_quantity(value, "FLOP/s")),
    ("_bytes_per_s", lambda value: format_quantity(value, "B/s")),
    ("_bytes", lambda value: format_quantity(value, "B")),
    ("_fraction", format_fraction),
    ("_hz", lambda value: format_quantity(value, "Hz")),
    ("_k_per_w", lambda value: f"{format_number(value)} K/W"),
    ("_j_per_k", lambda value: f"{format_number(value)} J/K"),
    ("_j_per_flop", lambda value: format_quantity(value, "J/FLOP")),
    ("_j_per_byte", lambda value: format_quantity(value, "J/byte")),
    ("_j", lambda value: format_quantity(value, "J")),
    ("_c", lambda value: f"{format_number(value)} °C"),
    ("_w", lambda value: format_quantity(value, "W")),
    ("_s", lambda value: format_quantity(value, "s")),
)
