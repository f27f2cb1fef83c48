"""Files that a reader brings: what they hold, or in one sentence why they cannot be used."""

import json
import math
from dataclasses import replace

import pytest
from tests.unit.checkpoints.models import MODELS, config

from rooflab.cards.writing import write_card
from rooflab.errors import LabError
from rooflab.evaluate import evaluate
from rooflab.facts.devices import MICROCONTROLLERS, device
from rooflab.open_bench.files import FILE_LIMIT_BYTES, read_file
from rooflab.open_bench.scenario import open_design
from rooflab.open_bench.setup import LOADED, Setup, Shelf

LLAMA = json.dumps(config("meta-llama/Llama-3.1-8B")).encode()
CARD = write_card(replace(device("radeon-8060s"), id="mine", name="My laptop")).encode()


def test_a_configuration_is_a_model():
    loaded = read_file("config.json", LLAMA)

    assert loaded.checkpoint.workload.params_count == pytest.approx(8.03e9, rel=0.005)
    assert loaded.device is None


def test_a_card_is_a_device_with_what_serving_needs():
    loaded = read_file("laptop.toml", CARD)

    assert loaded.device.name == "My laptop"
    assert loaded.device.vector_flop_per_s > 0
    assert loaded.checkpoint is None


def test_a_card_in_json_is_a_device_too():
    values = {
        "schema": 1,
        "id": "mine",
        "name": "Mine",
        "hbm_bytes": 16e9,
        "hbm_bytes_per_s": 100e9,
        "peak_flop_per_s": {"fp16": 10e12},
        "sources": [{"name": "Own", "kind": "measured here", "date": "2026-11-01", "figures": ["hbm_bytes", "hbm_bytes_per_s", "peak_flop_per_s"]}],
    }

    assert read_file("mine.json", json.dumps(values).encode()).device.name == "Mine"


def test_a_card_that_replaces_a_known_device_is_not_graded_as_that():
    card = write_card(device("h100-sxm")).encode()

    assert read_file("h100.toml", card).device.id != "h100-sxm"


BAD = {
    "empty": b"",
    "binary": b"\x89PNG\r\n\x1a\n\xff",
    "no-json": b"{",
    "a-list": b"[1, 2]",
    "neither": b'{"name": "x"}',
    "no-card": b"a = 1",
    "deep": b"[" * 100_000,
    "markup": b'{"model_type": "<img src=x onerror=alert(1)>"}',
    "too-large": b" " * (FILE_LIMIT_BYTES + 1),
    "microcontroller": write_card(MICROCONTROLLERS[0]).encode(),
    "no-memory": write_card(device("adreno-640")).encode(),
    "unknown-model": b'{"model_type": "mamba"}',
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_in_a_sentence_that_names_it(data):
    with pytest.raises(LabError) as refused:
        read_file("folder/what.json", data)

    words = str(refused.value)
    assert words.startswith("what.json: ") and words.endswith(".")
    assert "\n" not in words and len(words) < 1000


def test_a_loaded_model_keeps_its_bytes_whatever_is_stored_in_16_bits():
    """gpt-oss has experts in 4 bits and all else in 16: the bench takes the mean of all."""
    shelf = Shelf()
    shelf.take(read_file("config.json", json.dumps(config("openai/gpt-oss-20b")).encode()))
    setup = Setup(model=LOADED)

    place = shelf.scenario(setup)

    checkpoint = shelf.model_file.checkpoint
    scheme = place.schemes[shelf.precision(setup)]
    assert scheme.element_bytes * place.workload.params_count == pytest.approx(checkpoint.weight_bytes)


def test_a_loaded_format_that_the_device_lacks_becomes_bf16():
    shelf = Shelf()
    shelf.take(read_file("config.json", json.dumps(config("deepseek-ai/DeepSeek-V3")).encode()))

    assert shelf.precision(Setup(model=LOADED, device="h100-sxm")) == "fp8"
    assert shelf.precision(Setup(model=LOADED, device="a100-sxm-80gb")) == "bf16"


def test_a_known_model_comes_as_it_was_released():
    shelf = Shelf()

    assert shelf.precision(Setup(model="gpt-oss-20b")) == "w4a16"
    assert shelf.precision(Setup(model="llama-3.1-8b")) == "bf16"
    assert shelf.precision(Setup(model="deepseek-v3", device="a100-sxm-80gb")) == "bf16"
    # 20.9 billion parameters, most of them in 4.25 bits: 13.8 GB in the files.
    place = shelf.scenario(Setup(model="gpt-oss-20b"))
    assert place.schemes["w4a16"].element_bytes * place.workload.params_count == pytest.approx(13.8e9, rel=0.01)


def test_the_shelf_offers_what_was_loaded_first_and_all_that_is_known():
    shelf = Shelf()
    known = len(shelf.models()), len(shelf.devices())
    for name, data in (("config.json", LLAMA), ("laptop.toml", CARD)):
        shelf.take(read_file(name, data))

    assert (len(shelf.models()), len(shelf.devices())) == (known[0] + 1, known[1] + 1)
    assert next(iter(shelf.models().values())) == next(iter(shelf.devices().values())) == LOADED


def test_a_draft_is_dense_and_less_than_half_as_large():
    offered = set(Shelf().drafts("llama-3-70b").values())

    assert "llama-3-8b" in offered
    assert not {"llama-3-70b", "llama-2-70b", "mixtral-8x7b"} & offered


@pytest.mark.parametrize("name", MODELS)
def test_every_public_configuration_is_served(name):
    shelf = Shelf()
    shelf.take(read_file("config.json", json.dumps(config(name)).encode()))
    setup = Setup(model=LOADED, device="b200", chips=8)
    place = shelf.scenario(setup)

    outcome = evaluate(place, open_design(place, precision=shelf.precision(setup)))

    assert 0 < outcome.step_time_s < math.inf


def test_weights_in_two_formats_are_said_to_be_counted_at_their_mean():
    shelf = Shelf()

    # Experts in 4 bits with a scale of a byte for 32 of them, the rest in 16 bits; Llama has one format.
    (words,) = (each for each in shelf.notes(Setup(model="gpt-oss-20b")) if "at their mean" in each)
    assert f"{shelf.scenario(Setup(model='gpt-oss-20b')).schemes['w4a16'].element_bytes:.3g} B" in words
    assert not any("at their mean" in each for each in shelf.notes(Setup(model="llama-3-8b")))
