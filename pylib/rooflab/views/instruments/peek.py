"""Math Peek: each instrument's formula with the current numbers, and every fact with its source."""

import panel as pn
import param

from rooflab.analyses.formulas import shared_formulas
from rooflab.evaluate import formulas
from rooflab.specs import Confidence
from rooflab.units import format_count, format_fraction, format_number, format_quantity, format_reading
from rooflab.views.markup import element, joined, table
from rooflab.views.widgets import text, toggle
from rooflab.workbench import Workbench

__all__ = ["PeekView", "formula_list"]

CHECKED = {
    Confidence.PRIMARY: "read in the source itself",
    Confidence.SECONDARY: "read in an independent copy",
    Confidence.MEMORY: "not verified",
    Confidence.ASSUMED: "assumed",
}


class PeekView(pn.viewable.Viewer):
    """Formulas and sources, written only while they are open."""

    bench = param.ClassSelector(class_=Workbench, constant=True, doc="The learner's bench")

    def __init__(self, **params):
        self.formulas = text("", "rp-peek")
        self.sources = text("", "rp-peek")
        self.formulas.visible = self.sources.visible = False
        super().__init__(**params)
        self._layout = pn.Column(
            pn.Row(
                toggle(self.bench.param.peeking, "Math Peek"),
                toggle(self.bench.param.sourcing, "Facts and sources"),
                css_classes=["rp-actions"],
                sizing_mode="stretch_width",
            ),
            self.formulas,
            self.sources,
            css_classes=["rp-card"],
            sizing_mode="stretch_width",
        )

    @param.depends("bench.peeking", watch=True)
    def _open_formulas(self):
        self.formulas.visible = self.bench.peeking
        self._write_formulas()

    @param.depends("bench.sourcing", watch=True)
    def _open_sources(self):
        self.sources.update(
            text=_sources(self.bench.scenario) if self.bench.sourcing else "", visible=self.bench.sourcing
        )

    @param.depends("bench.outcome", "bench.layer", watch=True)
    def _write_formulas(self):
        if not self.bench.peeking:
            return
        scenario, design, outcome = self.bench.scenario, self.bench.design(), self.bench.outcome()
        found = (
            *formulas(scenario, design, outcome, operator_id=self.bench.layer),
            *shared_formulas(scenario, self.bench.part, design, outcome, start=self.bench.start),
        )
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
    return joined(name, element("em", " (assumed)")) if source.confidence is Confidence.ASSUMED else name


def _sources(scenario):
    """List every fact of the scenario with its value, grouped by where it comes from."""
    records = tuple(dict.fromkeys(scenario.records))  # a model may stand in two places of a scenario
    groups = [
        (source, [f"{getattr(record, 'name', 'Constants of the model')}: ", _facts(record, names)])
        for record in records
        for source, names in record.sources.items()
    ]
    groups += [
        (target.source, [f"Target: {target.name}, {format_reading(target.limit, target.unit)}"])
        for target in scenario.targets
    ]
    count = sum(len(names) for record in records for names in record.sources.values()) + len(scenario.targets)
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


def _facts(record, names):
    return "; ".join(f"{_fact(name)} {_value(name, getattr(record, name))}" for name in names)


def _note(source):
    return element("span", f" {source.note}", class_="rp-note") if source.note else None


def _fact(name):
    """Write a field's name without its unit, which stands beside the value."""
    rate = "_bandwidth" if name.endswith("_bytes_per_s") else ""
    for suffix, _ in UNITS:
        if name.endswith(suffix):
            name = name.removesuffix(suffix) + rate
            break
    return " ".join(word.upper() if word in ABBREVIATIONS else word for word in name.split("_"))


def _value(name, value):
    """Write a field's value with the unit that its name ends in."""
    if hasattr(value, "items"):
        return ", ".join(f"{str(format_).upper()} {_value(name, each)}" for format_, each in value.items())
    if isinstance(value, tuple):
        return f"{len(value)} of them"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(getattr(value, "name", value))
    for suffix, write in UNITS:
        if name.endswith(suffix):
            return write(value)
    return format_count(value) if value == int(value) else format_number(value)


ABBREVIATIONS = frozenset({"ffn", "flop", "hbm", "kv", "l2", "sm", "tdp"})
UNITS = (
    ("_flop_per_s", lambda value: format_quantity(value, "FLOP/s")),
    ("_bytes_per_s", lambda value: format_quantity(value, "B/s")),
    ("_bytes", lambda value: format_quantity(value, "B")),
    ("_fraction", format_fraction),
    ("_hz", lambda value: format_quantity(value, "Hz")),
    ("_k_per_w", lambda value: f"{format_number(value)} K/W"),
    ("_j_per_k", lambda value: f"{format_number(value)} J/K"),
    ("_j_per_flop", lambda value: format_quantity(value, "J/FLOP")),
    ("_j_per_byte", lambda value: format_quantity(value, "J/B")),
    ("_j", lambda value: format_quantity(value, "J")),
    ("_c", lambda value: f"{format_number(value)} °C"),
    ("_w", lambda value: format_quantity(value, "W")),
    ("_s", lambda value: format_quantity(value, "s")),
)
