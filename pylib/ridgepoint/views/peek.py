"""Math Peek: each instrument's formula with the current numbers, and every fact with its source."""

import panel as pn
import param

from ridgepoint.peek import math_peek
from ridgepoint.specs import Confidence
from ridgepoint.views.markup import element, joined, table
from ridgepoint.views.widgets import text, toggle
from ridgepoint.workbench import Workbench

__all__ = ["PeekView"]

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
        formulas = math_peek(
            self.bench.scenario, self.bench.design(), self.bench.outcome(), operator_id=self.bench.layer
        )
        self.formulas.text = joined(
            element("h3", "Every instrument's formula, with your numbers"),
            element("dl", *(_formula(formula) for formula in formulas), class_="rp-formulas"),
        )

    def __panel__(self):
        return self._layout


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
        if source.url
        else element("span", source.name)
    )
    return joined(name, element("em", " (assumed)")) if source.confidence is Confidence.ASSUMED else name


def _sources(scenario):
    """List every fact of the scenario with where it comes from and how it was checked."""
    records = (*scenario.devices, scenario.workload, scenario.calibration)
    facts = [
        (getattr(record, "name", record.id), name.replace("_", " "), source)
        for record in records
        for source, names in record.sources.items()
        for name in names
    ]
    facts += [("Target", target.name, target.source) for target in scenario.targets]
    return joined(
        element("h3", f"{len(facts)} facts, each with its source or the word “assumed”"),
        table(
            "Facts behind the numbers on this bench",
            ("Of", "Fact", "Source", "Date", "Checked", "Note"),
            [
                (of, fact, link(source), source.date, CHECKED[source.confidence], source.note)
                for of, fact, source in facts
            ],
        ),
    )
