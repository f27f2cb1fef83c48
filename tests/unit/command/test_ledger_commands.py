"""Ledgers on the command line: the same numbers as in the lab, one sentence where something is wrong."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from rooflab.__main__ import main
from rooflab.lab.ledger.ledger import dump
from rooflab.lab.ledger.model_version import MODEL, SAME_MODELS
from rooflab.tracks import track
from tests.unit.lab.fakes import studied

INPUTS = Path(__file__).parents[2] / "inputs"
TITAN = track("cloud-titan")


@pytest.fixture
def ledger(tmp_path):
    path = tmp_path / "ledger.json"
    path.write_text(dump(studied(TITAN, parts=1, choice="no")), encoding="utf-8")
    return path


def test_replay_confirms_what_the_lab_wrote(ledger, capsys):
    assert main(["replay", str(ledger)]) == 0

    assert "Every value agrees to 1e-09." in capsys.readouterr().out


def test_replay_names_where_a_ledger_differs(ledger, capsys):
    ledger.write_text(ledger.read_text().replace('"right":true', '"right":false'))

    assert main(["replay", str(ledger)]) == 1

    said = capsys.readouterr().out
    assert "The file was changed after the lab wrote it." in said
    assert "entry 7, diagnosis is right: False in the ledger, True computed" in said


def test_replay_as_json_has_sequence_name_and_both_values(ledger, capsys):
    document = json.loads(ledger.read_text())
    document["entries"][2]["value"] = 2.0
    ledger.write_text(json.dumps(document))

    assert main(["replay", str(ledger), "--json"]) == 1

    (difference,) = json.loads(capsys.readouterr().out)["differences"]
    assert (difference["seq"], difference["recorded"]) == (2, 2.0)
    assert difference["difference_fraction"] == pytest.approx(1 - difference["recomputed"] / 2.0)


ENDS = {
    **{
        f"model-{version}.json": (0, "agrees") if version in (MODEL.version, *(each.version for each in SAME_MODELS)) else (3, "not checked")
        for version in "1234"
    },
    "changed-by-hand.json": (1, "differs"),
    "impossible-design.json": (1, "differs"),
    "other-model-version.json": (3, "not checked"),
    "schema-1-all-parts.json": (3, "not checked"),
    "unknown-entry-kind.json": (3, "not checked"),
}


@pytest.mark.parametrize("name", ENDS)
def test_replay_ends_by_what_it_found(name, capsys):
    ends, verdict = ENDS[name]

    assert main(["replay", str(INPUTS / name), "--json"]) == ends
    told = json.loads(capsys.readouterr().out)
    assert main(["replay", str(INPUTS / name)]) == ends
    said = capsys.readouterr().out

    assert told["verdict"] == verdict
    assert told["confirmed"] is (verdict == "agrees")
    assert ("agrees" in said) is (verdict == "agrees")
    assert told["model"]["version"] == MODEL.version


def test_replay_says_that_a_file_was_changed_where_its_numbers_still_agree(capsys):
    main(["replay", str(INPUTS / "changed-by-hand.json"), "--json"])

    told = json.loads(capsys.readouterr().out)
    assert told["edited"] is True
    assert "The file was changed after the lab wrote it." in told["words"]


def test_replay_lays_the_numbers_of_another_model_beside_this_ones(capsys):
    main(["replay", str(INPUTS / "other-model-version.json"), "--json"])

    told = json.loads(capsys.readouterr().out)
    assert told["made_with"] == [{"version": "0.9", "digest": "sha256:" + "9" * 64}]
    assert told["differences"] == []
    assert any(each["difference_fraction"] > 0.01 for each in told["not_checked"])


def test_a_class_is_told_what_a_replay_does_not_prove(capsys):
    assert main(["classroom", str(INPUTS / "other-model-version.json")]) == 0

    said = capsys.readouterr().out
    assert "It does not prove who did the work." in said
    assert "made with model 0.9" in said


def test_report_prints_markdown_or_json(ledger, capsys):
    assert main(["report", str(ledger)]) == 0
    assert capsys.readouterr().out.startswith("# Rooflab: report")

    assert main(["report", str(ledger), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["records"]["cloud-titan"]["binding_constraint"] == "memory"


def test_classroom_takes_a_folder_and_names_what_it_cannot_read(ledger, capsys):
    (ledger.parent / "broken.json").write_text("{")
    (ledger.parent / "binary.json").write_bytes(b"\xff\xfe")
    other = replace(studied(TITAN, parts=1, choice="partly"), session="another")
    (ledger.parent / "second.json").write_text(dump(other))

    assert main(["classroom", str(ledger.parent)]) == 0

    said = capsys.readouterr().out
    assert said.startswith("2 ledgers, 2 not counted.")
    assert "broken.json: This file stops being JSON" in said
    assert "binary.json" in said
    assert "2 answers, 50% right" in said


def test_a_class_of_one_is_counted_in_the_singular(ledger, capsys):
    assert main(["classroom", str(ledger)]) == 0

    said = capsys.readouterr().out
    assert said.startswith("1 ledger, 0 not counted.")
    assert "1 answer, " in said
    assert "1 ledgers" not in said and "1 answers" not in said and "1 learners" not in said


def test_classroom_as_json_holds_the_points(ledger, capsys):
    assert main(["classroom", str(ledger), "--json"]) == 0

    (learner,) = json.loads(capsys.readouterr().out)["learners"]
    assert learner["points"]["cloud-titan"][0] > 0


def test_answers_are_those_of_the_variant(capsys):
    assert main(["answers", "--track", "cloud-titan", "--variant", "3", "--json"]) == 0

    key = json.loads(capsys.readouterr().out)
    question = TITAN.part(1).questions[1]
    assert key["parts"][0]["answers"][1]["choice_id"] == question.answer(TITAN.scenario(3))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["replay", "/no/such/file"], "cannot be read"),
        (["report", "/no/such/file"], "cannot be read"),
        (["classroom", "/no/such/folder"], "There is no /no/such/folder"),
        (["answers", "--track", "sea"], "no track 'sea'"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(arguments, words, capsys):
    assert main(arguments) == 2

    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1


def test_a_file_that_is_no_ledger_is_refused(tmp_path, capsys):
    path = tmp_path / "x.json"
    path.write_text("[]")

    assert main(["replay", str(path)]) == 2
    assert "not a Rooflab ledger" in capsys.readouterr().err
