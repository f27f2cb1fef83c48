"""The worker's side of the border, driven as the page drives it, without a browser."""

import asyncio
import inspect
import json
import re

import pytest

from rooflab import browser, rehearsal


class Page:
    """The page's end: sends what a learner does, keeps what Python says."""

    def __init__(self):
        self.heard = []
        browser.prepare()
        browser.connect(lambda text: self.heard.append(json.loads(text)))

    def resume(self, text=None, early=None):
        """Take up a text; the page has painted the fresh learner's document before."""
        browser.attach()
        message = {"text": text, "early": early, "fragment": "", "session": "test", "benches": {}}
        return self._send("resume", message)

    def bench(self):
        return self._send("bench", {})

    def set(self, tag, **values):
        model = self._model(tag)
        events = [{"kind": "ModelChanged", "model": {"id": model}, "attr": name, "new": new} for name, new in values.items()]
        return self._send("patch", {"events": events})

    def click(self, tag):
        values = {"type": "map", "entries": [["model", {"id": self._model(tag)}]]}
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

    def _model(self, tag):
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
