"""The worker's side of the border, driven as the page drives it, without a browser."""

import asyncio
import inspect
import json
import re
import warnings

import numpy as np
import pytest
from bokeh.core.serialization import Serializer
from bokeh.document import Document
from bokeh.models import ColumnDataSource, Label

from rooflab import browser, rehearsal
from rooflab.lab.ledger.entries import BenchOpened
from rooflab.lab.ledger.ledger import Ledger, append, dump

OPENED = dump(append(Ledger.new("2026-11-29T10:00:00Z", "test"), BenchOpened(at="2026-11-29T10:00:00Z")))


NAMED = Label(x=0, y=0)


class Page:
    """The page's end: sends what a learner does, keeps what Python says."""

    def __init__(self):
        self.heard = []
        browser.prepare()
        browser.connect(lambda text, beside=b"": self.heard.append(json.loads(text)))

    def resume(self, text=None, early=None):
        """Take up a text; the page has painted the fresh learner's document before."""
        browser.attach()
        message = {"text": text, "early": early, "fragment": "", "session": "test", "benches": {}}
        return self._send("resume", message)

    def bench(self):
        return self._send("bench", {})

    def screen(self, name):
        return self._send("screen", {"name": name})

    def set(self, tag, **values):
        return self.change(*((self.find(tag), name, new) for name, new in values.items()))

    def change(self, *changes):
        """Send changes of several controls, each by the control's id, the property and its value, as one patch."""
        events = [{"kind": "ModelChanged", "model": {"id": model}, "attr": name, "new": new} for model, name, new in changes]
        return self._send("patch", {"events": events})

    def titled(self, title):
        """Return the id of the one control of that title."""
        (found,) = [model.id for model in browser.models() if getattr(model, "title", "") == title]
        return found

    def click(self, tag):
        values = {"type": "map", "entries": [["model", {"id": self.find(tag)}]]}
        event = {"type": "event", "name": "button_click", "values": values}
        return self._send("patch", {"events": [{"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": event}]})

    def predict(self):
        for question in ("slope", "half-the-bits"):
            self.set(f"rooflab:answer:{question}", active=2)
            self.set(f"rooflab:confidence:{question}", active=1)
        return self.click("rooflab:submit")

    def _send(self, kind, message):
        self.heard.clear()

        async def receive():  # in a browser there is always a running loop
            browser.receive(kind, json.dumps(message))

        asyncio.run(receive())
        return {each["type"]: each for each in self.heard}

    def find(self, tag):
        document = json.loads(browser.document())["doc"]
        found = [model["id"] for model in _models(document) if tag in model.get("attributes", {}).get("tags", [])]
        assert len(found) == 1, f"{tag} is on {len(found)} models"
        return found[0]


def _models(value):
    if isinstance(value, dict):
        if value.get("type") == "object" and "id" in value:
            yield value
        for each in value.values():
            yield from _models(each)
    elif isinstance(value, list):
        for each in value:
            yield from _models(each)


def _named(value):
    """Return the ids of models that are only named, not sent; an array's place among the buffers is no id."""
    if isinstance(value, list):
        return set().union(*map(_named, value))
    if not isinstance(value, dict):
        return set()
    if value.keys() == {"id"}:
        return {value["id"]} if value["id"].startswith("p") else set()
    return set().union(*map(_named, value.values()))


@pytest.fixture
def lab():
    made = Page()
    yield made
    browser.forget()


def test_the_rehearsal_sends_every_kind_of_message():
    """What only a message loads would else be missing from the image or the library."""
    sent = set(re.findall(r'browser\.receive\("(\w+)"', inspect.getsource(rehearsal)))

    assert sent == set(browser._HANDLERS)


def test_the_document_is_the_same_each_time_it_is_made():
    made = []
    for _ in range(3):
        browser.prepare()
        made.append(browser.document())
        browser.forget()

    assert made[1] == made[2]


def test_a_fresh_learner_changes_nothing_in_the_document(lab):
    before = browser.document()

    assert lab.resume().keys() == {"place"}
    assert browser.document() == before


def test_an_answer_is_not_echoed(lab):
    lab.resume()

    assert "patch" not in lab.set("rooflab:answer:slope", active=1)


@pytest.mark.parametrize("gone_first", [True, False])
def test_a_control_that_is_gone_takes_no_other_change_with_it(lab, gone_first):
    """BokehJS's inputs report once more as they are taken off the page, together with what the learner does next."""
    lab.resume()
    gone = lab.find("rooflab:answer:slope")
    lab.predict()
    layer = lab.titled("Layer")
    assert gone not in {model.id for model in browser.models()}
    changes = [(gone, "active", 1), (layer, "value", "rope")]

    lab.change(*(changes if gone_first else reversed(changes)))

    assert browser.lab().bench.layer == "rope"


def test_a_bench_made_anew_names_only_models_that_the_page_has(lab):
    """A number's input sends its value twice in one patch, once throttled, and the first makes the open bench anew."""
    lab.resume(OPENED)
    lab.screen("open-bench")
    known = {model["id"] for model in _models(json.loads(browser.document())["doc"])}
    devices = lab.titled("Number of devices")

    lab.change((devices, "value", 2), (devices, "value_throttled", 2))

    patches = [each["patch"] for each in lab.heard if each["type"] == "patch"]
    assert patches
    for patch in patches:
        known |= {model["id"] for model in _models(patch)}
        assert _named(patch) <= known


def test_a_submission_is_saved_and_what_it_unlocks_is_sent(lab):
    lab.resume()
    said = lab.predict()

    assert [entry["kind"] for entry in json.loads(said["save"]["text"])["entries"]] == ["prediction", "prediction"]
    assert said["save"]["place"]["step"] == "explore"
    assert "A step takes" in json.dumps(said["patch"])


def test_a_patch_does_not_repeat_what_the_page_has(lab):
    lab.resume()
    known = {model["id"] for model in _models(json.loads(browser.document())["doc"])}
    sent = [model["id"] for model in _models(lab.predict()["patch"])]

    assert len(sent) == len(set(sent))
    assert known.isdisjoint(sent)


def test_a_saved_ledger_brings_its_screen_back(lab):
    lab.resume()
    text = lab.predict()["save"]["text"]
    browser.forget()
    page = Page()
    said = page.resume(text)

    assert said["place"]["place"]["step"] == "explore"
    assert "Your predictions are locked" in json.dumps(said["patch"])


def test_the_workbench_of_a_saved_ledger_comes_after_the_first_answer(lab):
    lab.resume()
    text = lab.predict()["save"]["text"]
    browser.forget()
    page = Page()

    assert browser.lab().bench is None
    page.resume(text)
    assert browser.lab().bench is None
    said = page.bench()

    assert browser.lab().bench is not None
    assert "A step takes" in json.dumps(said["patch"])


def test_a_ledger_that_cannot_be_read_is_set_aside_before_anything_is_saved(lab):
    said = lab.resume("{broken")

    assert said["save"]["aside"] == "unreadable"
    assert "set aside" in said["announce"]["text"]


@pytest.mark.parametrize(
    "items",
    [
        [], ["a", ""], [1, 2.5, -3], [1.0, float("nan")], [float("inf"), 1], [float("inf"), float("-inf")], [2**53 - 1], [2**60, 1], [1e300],
        [True, 1], ["a", 1, None], [[1.0], [2, 3]], [np.float64(1.5), 2.0], [{"a": 1}], [NAMED],
    ],
    ids=str,
)  # fmt: skip
def test_a_list_is_encoded_as_bokeh_encodes_it(items):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Bokeh's, that a number is too large
        document = Document()
        document.add_root(NAMED)
        document.models.flush_synced()
        made, usual = browser.PatchSerializer(document.models).encode(items), Serializer(references={NAMED}).encode(items)
        document.clear()

    assert repr(made) == repr(usual)


def test_an_array_goes_beside_the_text_and_not_in_it():
    browser.prepare()
    sent = []
    browser.connect(lambda text, beside=b"": sent.append((json.loads(text), beside)))
    source = ColumnDataSource({"x": [], "y": []})
    browser._session.document.add_root(source)
    browser.attach()
    browser._session.receiving = True  # as in the middle of a message
    x, y = np.array([1.5, 2.5]), np.array([3, 4], dtype=np.int32)

    source.data = {"x": x, "y": y}
    browser._session.flush()

    ((message, beside),) = sent
    assert message["sizes"] == [16, 8]
    assert beside == x.tobytes() + y.tobytes()
    browser.forget()


def test_the_picture_is_sent_before_any_chart_is_redrawn(lab):
    lab.resume()
    lab.predict()

    said = lab.change((lab.titled("Attention kernel"), "value", "fused"))

    assert [each["type"] for each in lab.heard if each["type"] in ("picture", "patch")][:2] == ["picture", "patch"]
    assert said["picture"]["picture"]["numbers"]["copies"] is None


def test_the_picture_goes_with_its_bench(lab):
    lab.resume()
    said = lab.predict()
    assert said["picture"]["picture"]["kind"] == "serving"

    lab._send("location", {"fragment": "#tiny-pioneer/1"})

    assert [each["picture"] for each in lab.heard if each["type"] == "picture"] == [None]
