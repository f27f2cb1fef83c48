"""Texts that say nothing are asked for again, with what is missing and an example of the form."""

import pytest

from rooflab.lab.arguments import EXAMPLES, asked_again
from rooflab.tracks import TRACKS

PART = TRACKS[0].part(1)
SAID = {
    "claim": "Memory traffic binds the step, since MBU counts only needed bytes.",
    "tradeoff": "Another kernel has to be written and maintained.",
    "residual_risk": "With short contexts the launches would bind first.",
}


@pytest.mark.parametrize("texts", [
    {"claim": "a", "tradeoff": "b", "residual_risk": "c"},
    {"claim": "it is slow", "tradeoff": "it costs", "residual_risk": "who knows"},
    dict.fromkeys(SAID, "The bus is full of copies of 80% of the keys."),
    dict.fromkeys(SAID, "……"),
], ids=["letters", "few words", "one text thrice", "no words"])  # fmt: skip
def test_what_says_nothing_is_asked_for_again(texts):
    assert set(asked_again(PART, texts)) == set(SAID)


def test_what_says_something_is_not():
    assert asked_again(PART, SAID) == {}


def test_a_claim_names_a_reading_or_a_number():
    bare = "The step is slow because of what it does all the time."

    assert "no reading and no number" in asked_again(PART, SAID | {"claim": bare})["claim"]
    assert "claim" not in asked_again(PART, SAID | {"claim": f"{bare} It takes 80 of 100."})
    assert "claim" not in asked_again(PART, SAID | {"claim": f"{bare} See the KV share."})
    assert "claim" not in asked_again(PART, SAID | {"claim": f"{bare} See Own reading."}, ["Own reading"])


def test_a_script_without_spaces_is_counted_by_its_characters():
    assert "tradeoff" not in asked_again(PART, SAID | {"tradeoff": "需要维护另一个内核代码"})


@pytest.mark.parametrize("field", EXAMPLES)
def test_the_example_shows_the_form_and_no_content(field):
    words = asked_again(PART, {field: "x"})[field]

    assert EXAMPLES[field] in words and "<" in EXAMPLES[field]
    assert not any(each in EXAMPLES[field] for each in ("memory", "compute", "launch", "BW", "MBU", "fusion"))
