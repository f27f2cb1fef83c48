"""`rooflab devices`, and `--card` where a device can be named."""

import json

import pytest
from tests.unit.lab.machine_ledgers import measured, predicted

from rooflab.__main__ import main
from rooflab.cards.reading import read_card
from rooflab.cards.writing import write_card
from rooflab.command.options import device_named
from rooflab.errors import BadCard, FactError
from rooflab.facts.devices import DEVICES, MICROCONTROLLERS, device
from rooflab.lab.ledger.ledger import dump

CARD = """schema = 1
id = "desk"
name = "The machine on my desk"
hbm_bytes_per_s = 29e9
peak_flop_per_s.fp32 = 50e9
[[sources]]
name = "Triad and chains"
kind = "measured here"
date = 2026-11-29
figures = ["hbm_bytes_per_s", "peak_flop_per_s"]
"""


@pytest.fixture
def card(tmp_path):
    path = tmp_path / "desk.toml"
    path.write_text(CARD, encoding="utf-8")
    return str(path)


def test_all_known_devices_are_listed_with_their_figures(capsys):
    assert main(["devices"]) == 0

    text = capsys.readouterr().out
    assert len(text.splitlines()) == 1 + 3 * len((*DEVICES, *MICROCONTROLLERS))
    a100 = text[text.index("a100-sxm-80gb") :].splitlines()[:3]
    assert a100[0].split()[:5] == ["a100-sxm-80gb", "85.9", "GB", "2.04", "TB/s"]
    assert "bf16 312 TFLOP/s (ridge 153)" in a100[1]  # 312 TFLOP/s over 2.039 TB/s
    assert "NVIDIA A100 Tensor Core GPU datasheet" in a100[2]


def test_the_list_in_json_has_numbers_and_sources(capsys):
    assert main(["devices", "--json"]) == 0

    listed = {each["id"]: each for each in json.loads(capsys.readouterr().out)}
    assert set(listed) == {each.id for each in (*DEVICES, *MICROCONTROLLERS)}
    assert listed["l40s"]["ridge_flop_per_byte"]["fp8"] == pytest.approx(733 / 0.864)
    assert listed["h800-sxm"]["ridge_flop_per_byte"] == {}  # no bandwidth is published
    assert listed["esp32-s3"]["kind"] == "microcontroller"
    assert all(each["sources"] for each in listed.values())


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_one_is_printed_as_a_card_that_can_be_used(options, tmp_path, capsys):
    assert main(["devices", "NVIDIA L40S", *options]) == 0
    path = tmp_path / "l40s.card"
    path.write_text(capsys.readouterr().out, encoding="utf-8")

    assert main(["roofline", "--device", "L40S", "--card", str(path), "--json"]) == 0

    figures = json.loads(capsys.readouterr().out)
    assert figures["device"] == "l40s"
    assert figures["ridge_flop_per_byte"] == pytest.approx(362 / 0.864)


def test_an_edited_card_stands_for_the_known_device(tmp_path, capsys):
    path = tmp_path / "l40s.toml"
    path.write_text(write_card(device("l40s")).replace("864e9", "432e9"), encoding="utf-8")

    assert main(["roofline", "--device", "l40s", "--card", str(path), "--json"]) == 0

    assert json.loads(capsys.readouterr().out)["ridge_flop_per_byte"] == pytest.approx(362 / 0.432)


def test_a_card_adds_a_device_to_the_list_and_to_the_roofline(card, capsys):
    assert main(["devices", "--card", card]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("desk ")

    assert main(["roofline", "--device", "Desk", "--card", card, "--precision", "fp32"]) == 0
    assert "on The machine on my desk, at measured peaks" in capsys.readouterr().out


def test_several_cards_are_read_and_two_of_one_id_are_not(card, tmp_path):
    other = tmp_path / "other.toml"
    other.write_text(CARD.replace("desk", "lab"), encoding="utf-8")

    assert device_named("lab", [card, str(other)]).id == "lab"
    assert device_named("h100", [card]) is device("h100-sxm")
    with pytest.raises(BadCard, match="another card has the id 'desk' too"):
        device_named("desk", [card, card])


def test_a_card_may_be_in_another_encoding(tmp_path):
    path = tmp_path / "desk.toml"
    path.write_text(CARD, encoding="utf-16")

    assert device_named("desk", [str(path)]).hbm_bytes_per_s == 29e9


def test_a_wrong_name_is_answered_with_those_of_the_cards_too(card):
    with pytest.raises(FactError, match="No device 'desc' is known; near to it (is|are) desk"):
        device_named("desc", [card])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["devices", "abacus"], "No device 'abacus' is known; known are a100-sxm-80gb"),
        (["devices", "h101"], "No device 'h101' is known; near to it is h100-sxm"),
        (["roofline", "--card", "/no/such/card"], "cannot be read: No such file"),
        (["roofline", "--card", "/dev/zero"], "larger than 0.256 MB"),
        (["roofline", "--device", "esp32"], "is a microcontroller, and has no roof of a main memory"),
        (["roofline", "--device", "h800"], "h800-sxm has no fact 'hbm_bytes_per_s'"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(arguments, words, capsys):
    assert main(arguments) == 2

    printed = capsys.readouterr()
    assert words in printed.err
    assert len(printed.err.splitlines()) == 1
    assert printed.out == ""


def test_a_bad_card_is_named_with_its_path(tmp_path, capsys):
    path = tmp_path / "bad.toml"
    path.write_text(CARD.replace("29e9", "29"), encoding="utf-8")

    assert main(["roofline", "--card", str(path)]) == 2

    error = capsys.readouterr().err
    assert "bad.toml" in error
    assert "hbm_bytes_per_s is 29, and bytes/s from" in error


def test_the_machine_of_a_ledger_is_listed_first_and_printed_as_a_card(capsys, tmp_path):
    path = tmp_path / "mine.json"
    path.write_text(dump(measured()), encoding="utf-8")

    assert main(["devices", "--ledger", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("this-machine ") and lines[4].startswith("this-machine-all ")
    assert "Measured on this machine" in lines[3]

    assert main(["devices", "this-machine-all", "--ledger", str(path)]) == 0
    assert read_card(capsys.readouterr().out).hbm_bytes_per_s > 0


def test_a_ledger_without_a_measurement_is_told(capsys, tmp_path):
    path = tmp_path / "mine.json"
    path.write_text(dump(predicted()), encoding="utf-8")

    assert main(["devices", "--ledger", str(path)]) != 0
    assert "has no measured machine" in capsys.readouterr().err
