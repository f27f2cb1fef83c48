"""Walk through the whole lab once, at build time, so that nothing a learner will need has still to be loaded."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from itertools import pairwise

import param
from bokeh.models import ColumnDataSource
from bokeh.models.widgets.buttons import AbstractButton, Toggle
from bokeh.models.widgets.groups import CheckboxGroup, RadioGroup
from bokeh.models.widgets.inputs import Spinner, TextAreaInput, TextInput
from bokeh.models.widgets.sliders import CategoricalSlider

from rooflab import browser
from rooflab.analyses.demand import ACCEPT
from rooflab.evaluate import evaluate
from rooflab.lab.ledger.entries import Entry, Prediction, Reflection
from rooflab.lab.ledger.ledger import Ledger, append, dump
from rooflab.lab.ledger.texts import ENCODINGS
from rooflab.lab.readings import reading
from rooflab.lab.setting import Setting, setting
from rooflab.lab.steps.commits import committed, diagnosed, observed, pinned, proposed, replied, revealed
from rooflab.tracks import TRACKS

__all__ = ["rehearse", "rehearse_screens"]

AT = "2000-01-01T00:00:00Z"
MODEL = """{"model_type": "mixtral", "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2,
"num_attention_heads": 4, "num_key_value_heads": 2, "num_local_experts": 4, "num_experts_per_tok": 2, "vocab_size": 512,
"max_position_embeddings": 4096}"""
CARD = """schema = 1
id = "rehearsed"
name = "Rehearsed device"
hbm_bytes = 16e9
hbm_bytes_per_s = 400e9
peak_flop_per_s.fp16 = 40e12
[[sources]]
name = "Rehearsal"
kind = "measured here"
date = "2000-01-01"
figures = ["hbm_bytes", "hbm_bytes_per_s", "peak_flop_per_s"]
"""


def rehearse() -> None:
    """Open every screen of the lab, move every control, and throw all of it away."""
    browser.prepare()
    browser.connect(lambda text, beside=b"": None)
    browser.attach()
    _resume(None)
    _touch_widgets()
    ledger = Ledger.new(AT, "rehearsal", 0)
    for each in TRACKS:
        for part in each.parts:
            ledger = _rehearse_part(ledger, setting(each.id, part.number, 0))
    for data in (*(dump(ledger).encode(each) for each in ENCODINGS), b"not a ledger"):
        browser.receive("import", json.dumps({"name": "one.json"}), data)
    browser.receive("sign", json.dumps({"name": "a learner"}))
    browser.receive("location", json.dumps({"fragment": f"#{TRACKS[0].id}/1"}))
    browser.document()
    browser.forget()


def rehearse_screens() -> None:
    """Open the screens that load their modules when they are opened, over a ledger with every part done."""
    browser.prepare()
    browser.connect(lambda text, beside=b"": None)
    browser.attach()
    ledger = Ledger.new(AT, "rehearsal", 0)
    for each in TRACKS:
        for part in each.parts:
            for entry in _entries(ledger, setting(each.id, part.number, 0)):
                ledger = append(ledger, entry)
    _resume(dump(ledger))
    _open_screen("report")
    files = {"one.json": dump(ledger).encode(), "two.json": b"not a ledger", "three.zip": _zipped(dump(ledger))}
    sizes = [[name, len(data)] for name, data in files.items()]
    batch = {"files": sizes, "refused": [["four.json", "no"]], "first": True, "last": True}
    _open_screen("classroom")
    browser.receive("classroom", json.dumps(batch), b"".join(files.values()))
    _touch_widgets()
    _rehearse_open_bench()
    _rehearse_machine()
    browser.document()
    browser.forget()


def _rehearse_open_bench() -> None:
    """Bring a model, a device and what is neither to the open bench, and move every control."""
    _open_screen("open-bench")
    for name, text in (("config.json", MODEL), ("card.toml", CARD), ("card.json", json.dumps({"schema": 1}))):
        browser.receive("load", json.dumps({"name": name}), text.encode())
    _touch_widgets()
    _open_screen("")


def _rehearse_machine() -> None:
    """Lock in predictions, measure what the reference machine measured, and press everything that then is there."""
    from rooflab.machine.reference import RUN, reference_rows  # as late as the lab itself imports it

    _open_screen("machine")
    jitter = {"kernel": "triad", "variant": "", "size": 8192, "repeats": 1, "samples_s": [1e-3] * 200, "observed_s": [1e-3] * 200}
    for event in (
        {"event": "refused", "why": "stopped"},
        {"event": "measured", "run": RUN, "rows": reference_rows()},
        {"event": "jitter", "run": RUN, "row": jitter},
        {"event": "thermal", "run": RUN, "rows": [[at + 1.0, 1e9] for at in range(20)]},
    ):
        browser.receive("machine", json.dumps(event))
        _touch_widgets()
    _touch_widgets()
    _open_screen("report")
    _open_screen("")


def _zipped(text: str) -> bytes:
    import zipfile  # as late as the lab itself imports it

    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ledger.json", text)
    return held.getvalue()


def _open_screen(name: str) -> None:
    browser.receive("screen", json.dumps({"name": name}))
    _touch_widgets()


def _rehearse_part(ledger: Ledger, place: Setting) -> Ledger:
    """Walk through one part, each kind of step from the ledger, and return the ledger with the part done."""
    for entry, following in pairwise([*_entries(ledger, place), None]):
        ledger = append(ledger, entry)
        if following is None or type(following) is not type(entry):
            _resume(dump(ledger))
    for each in browser.lab().lesson.pictures.offered:
        browser.receive("picture", json.dumps({"name": each.id}))
    _open_tabs()
    _use_bench()
    _trace_frame()
    _touch_widgets()
    return ledger


def _resume(text: str | None) -> None:
    browser.receive("resume", json.dumps({"text": text, "early": None, "fragment": "", "session": "rehearsal", "benches": {}}))
    if text is not None:
        browser.receive("bench", "{}")


def _entries(ledger: Ledger, place: Setting) -> Iterator[Entry]:
    part, stamp = place.part, {"at": AT, "track": place.track.id, "part": place.part.number}
    for question in part.questions:
        yield Prediction(**stamp, question_id=question.id, choice_id=question.choices[0].id, confidence=0.5)
    pin_at = len(ledger.entries) + len(part.questions)
    read = reading(place.scenario, part, place.start, "roofline", evaluate(place.scenario, place.start).operators.ids[0])
    yield pinned(place, place.start, read, at=AT)
    if part.observation:
        yield observed(place, part.observation.choices[0].id, at=AT)
    yield from revealed(place, at=AT)
    if part.diagnosis:
        yield diagnosed(place, part.diagnosis.choices[0].id, at=AT)
    if place.mission:
        yield committed(place, place.start, at=AT, role="attempt")
        yield committed(place, place.start, at=AT, role="final")
    if part.tiling:
        problem = part.tiling(place.scenario, place.start)
        sizes = {"tile_rows": problem.tile_rows[0], "tile_columns": problem.tile_columns[0], "split": problem.splits[0]}
        yield proposed(place, place.start, at=AT, **sizes)
    if part.demand:
        yield replied(place, place.start, ACCEPT, attributed_id=part.controls[0].id, at=AT)
        yield replied(place, place.start, ACCEPT, attributed_id=part.controls[0].id, at=AT, revision=True)
    words = {"claim": "a", "tradeoff": "b", "residual_risk": "c"}
    yield Reflection(**stamp, task="rehearsal", evidence=(pin_at,), **words)


def _open_tabs() -> None:
    """Look at each instrument of the bench, and keep all of them in sight, so that every one follows what is done next."""
    for each in browser.lab().lesson.tabs():
        browser.receive("tab", json.dumps({"name": each["id"]}))
    for view, _ in browser.lab().lesson.pieces.panel.views.values():
        view.in_sight = True


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


def _trace_frame() -> None:
    """Turn the tracing profiler on, where there is one, and tap a slow frame."""
    bench = browser.lab().bench
    if bench is None or "profiler" not in bench.controls:
        return
    bench.profiler = "on"
    for source in [each for each in browser.models() if isinstance(each, ColumnDataSource) and {"frame", "time"} == set(each.data)]:
        if len(source.data["frame"]):
            _patch({"kind": "ModelChanged", "model": source.selected.ref, "attr": "indices", "new": [0]})


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
    (TextInput, "value", lambda model: "0"),
)


def _other_values(parameter: param.Parameter, before: object) -> list[object]:
    if isinstance(parameter, param.Event):
        return []
    if isinstance(parameter, param.Boolean):
        return [not before]
    if isinstance(parameter, param.ListSelector):
        return [each for each in ([], list(parameter.objects)) if each != before]
    if isinstance(parameter, param.Selector):
        return [each for each in parameter.objects if each != before]
    if isinstance(parameter, param.Integer) and parameter.bounds:
        return [each for each in parameter.bounds if each is not None]
    return []
