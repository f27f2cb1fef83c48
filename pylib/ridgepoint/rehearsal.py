"""Walk through the whole lab once, at build time, so that nothing a learner will need has still to be loaded."""

from __future__ import annotations

import json

import param
from bokeh.models.widgets.buttons import AbstractButton, Toggle
from bokeh.models.widgets.groups import CheckboxGroup, RadioGroup
from bokeh.models.widgets.inputs import Spinner, TextAreaInput
from bokeh.models.widgets.sliders import CategoricalSlider

from ridgepoint import browser
from ridgepoint.lab.entries import DesignCommitted, Diagnosis, Pin, Prediction, Reflection, Reveal
from ridgepoint.lab.ledger import Ledger, append, digest, dump
from ridgepoint.tracks import track

__all__ = ["rehearse"]

AT = "2000-01-01T00:00:00Z"
TRACK, PART = "cloud-titan", 1


def rehearse() -> None:
    """Open every screen of the lab, move every control, and throw all of it away."""
    browser.prepare()
    browser.connect(lambda text: None)
    browser.attach()
    ledger = Ledger.new(AT, "rehearsal", 0)
    _resume(None)
    _touch_widgets()
    for entry in _entries():
        ledger = append(ledger, entry)
        _resume(dump(ledger))
        _use_bench()
        _touch_widgets()
    browser.receive("import", json.dumps({"text": dump(ledger)}))
    browser.receive("import", json.dumps({"text": "not a ledger"}))
    browser.receive("saved", json.dumps({"ok": True, "reason": ""}))
    browser.document()
    browser.forget()


def _resume(text: str | None) -> None:
    browser.receive("resume", json.dumps({"text": text, "early": None, "fragment": "", "session": "rehearsal"}))


def _entries() -> list[object]:
    part = track(TRACK).part(PART)
    design = track(TRACK).scenario(0).crisis.to_json()
    stamp = {"at": AT, "track": TRACK, "part": PART}
    predictions = [
        Prediction(**stamp, question_id=question.id, choice_id=question.choices[0].id, confidence=0.5) for question in part.questions
    ]
    pin = Pin(**stamp, instrument="mbu", design=design, name="MBU", value=0.5, unit="fraction")
    reveals = [Reveal(**stamp, question_id=question.id) for question in part.questions]
    committed = DesignCommitted(**stamp, design=design, digest=digest({}), figures={})
    diagnosis = Diagnosis(**stamp, choice_id=part.diagnosis.choices[0].id, right=False)
    reflection = Reflection(
        **stamp, task="binding-constraint", claim="a", evidence=(len(predictions),), tradeoff="b", residual_risk="c"
    )
    return [*predictions, pin, *reveals, committed, diagnosis, reflection]


def _use_bench() -> None:
    """Set every parameter of the bench to another value and back, as a learner would."""
    bench = browser.lab().bench
    if bench is None:
        return
    for name, parameter in bench.param.objects("existing").items():
        if parameter.constant or parameter.readonly or name == "name":
            continue
        before = getattr(bench, name)
        others = _other_values(parameter, before)
        for value in [*others, before] if others else []:
            setattr(bench, name, value)


def _touch_widgets() -> None:
    """Set every widget and press every button as the page does, by patches; what that commits is thrown away too."""
    for kind, attribute, value in _TOUCHES:
        for model in [each for each in browser.models() if isinstance(each, kind)]:
            new = value(model)
            if new != getattr(model, attribute):
                _patch({"kind": "ModelChanged", "model": model.ref, "attr": attribute, "new": new})
    for model in [each for each in browser.models() if isinstance(each, AbstractButton)]:
        if model.document is None:
            continue
        entries = [["model", model.ref]]
        event = {"type": "event", "name": "button_click", "values": {"type": "map", "entries": entries}}
        _patch({"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event})


def _patch(event: dict[str, object]) -> None:
    browser.receive("patch", json.dumps({"events": [event]}))


_TOUCHES = (
    (RadioGroup, "active", lambda model: 1),
    (CheckboxGroup, "active", lambda model: [0]),
    (Toggle, "active", lambda model: True),
    (CategoricalSlider, "value", lambda model: model.categories[0]),
    (Spinner, "value", lambda model: model.low),
    (TextAreaInput, "value", lambda model: "words"),
)


def _other_values(parameter: param.Parameter, before: object) -> list[object]:
    if isinstance(parameter, param.Event):
        return []
    if isinstance(parameter, param.Boolean):
        return [not before]
    if isinstance(parameter, param.Selector):
        return [each for each in parameter.objects if each != before]
    if isinstance(parameter, param.Integer) and parameter.bounds:
        return [each for each in parameter.bounds if each is not None]
    return []
