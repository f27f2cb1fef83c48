"""Walk through the whole lab once, at build time, so that nothing a learner will need has still to be loaded."""

from __future__ import annotations

import json

import param

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
    for entry in _entries():
        ledger = append(ledger, entry)
        _resume(dump(ledger))
        _use_bench()
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
