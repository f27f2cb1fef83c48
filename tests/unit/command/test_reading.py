"""What the command line reads: files in every encoding, folders as they are, patterns, and nothing found."""

import json
import os
import sys

import pytest

from rooflab.__main__ import main
from tests.inputs import HANDED_IN, INPUTS, another, class_of, not_utf_8

ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")


def counts(capsys):
    told = json.loads(capsys.readouterr().out)
    return len(told["learners"]), len(told["refused"]), len(told["passed_over"])


def test_a_nested_class_with_every_odd_file_is_counted(tmp_path, capsys):
    expected = class_of(30, tmp_path)

    assert main(["classroom", str(tmp_path), "--json"]) == 0
    assert counts(capsys) == expected


@pytest.mark.parametrize("each", [each for each in HANDED_IN if each.ledgers == 0], ids=lambda each: each.name)
def test_a_file_that_is_no_ledger_is_an_error_that_names_it(each, capsys):
    assert main(["replay", str(INPUTS / each.name)]) == 2

    said = capsys.readouterr().err
    assert each.words in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("each", [each for each in HANDED_IN if each.ledgers == 1], ids=lambda each: each.name)
def test_one_ledger_is_replayed_however_it_was_saved(each, capsys):
    assert main(["replay", str(INPUTS / each.name), "--json"]) in (0, 1, 3)
    assert json.loads(capsys.readouterr().out)["entries"] == 2 or each.name == "macos.zip"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_design_is_read_in_every_encoding(encoding, tmp_path, capsys):
    main(["evaluate", "--json"])
    design = json.loads(capsys.readouterr().out)["design"] | {"batch": 8}
    (tmp_path / "design.json").write_bytes(json.dumps(design).encode(encoding))

    assert main(["evaluate", "--design", str(tmp_path / "design.json"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["design"]["batch"] == 8


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_rows_and_predictions_are_read_in_every_encoding(encoding, tmp_path, capsys):
    main(["predict"])
    predictions = tmp_path / "predictions.json"
    predictions.write_bytes(capsys.readouterr().out.encode(encoding))

    assert main(["grade", str(predictions), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[-1]["coverage_fraction"] == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_a_name_that_is_not_utf_8_is_shown_with_a_replacement_character(tmp_path, capsys):
    not_utf_8(tmp_path)

    assert main(["classroom", str(tmp_path)]) == 0
    assert "m\N{REPLACEMENT CHARACTER}ller.json" in capsys.readouterr().out


def test_a_pattern_in_quotes_is_expanded(tmp_path, capsys):
    for name in ("a.json", "b.json", "c.txt"):
        (tmp_path / name).write_text(another(name[0]), encoding="utf-8")

    assert main(["classroom", str(tmp_path / "*.json"), "--json"]) == 0
    assert counts(capsys) == (2, 0, 0)
    assert main(["replay", str(tmp_path / "*.txt"), "--json"]) != 2
    capsys.readouterr()
    assert main(["replay", str(tmp_path / "*.json")]) == 2
    assert "2 files match" in capsys.readouterr().err


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path, capsys):
    (tmp_path / "a[1].json").write_text(another("a"), encoding="utf-8")

    assert main(["classroom", str(tmp_path / "a[1].json"), "--json"]) == 0
    assert counts(capsys) == (1, 0, 0)
    assert main(["replay", str(tmp_path / "a[1].json")]) != 2


@pytest.mark.parametrize("given", ["", "*.json"])
def test_nothing_found_is_an_error_that_says_so(given, tmp_path, capsys):
    assert main(["classroom", str(tmp_path / given)]) == 2

    said = capsys.readouterr().err
    assert "No file" in said
    assert str(tmp_path) in said


def test_a_class_without_a_ledger_ends_with_2_and_names_every_file(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("none")
    (tmp_path / ".DS_Store").write_text("none")

    assert main(["classroom", str(tmp_path)]) == 2

    said = capsys.readouterr().out
    assert said.startswith("0 ledgers, 1 not counted.")
    assert "notes.txt" in said
    assert "1 file of the system passed over (.DS_Store)." in said


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_that_lead_in_a_circle_and_pipes_do_no_harm(tmp_path, capsys):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "ledger.json").write_text(another("a"), encoding="utf-8")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "gone.json").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.json")

    assert main(["classroom", str(tmp_path), "--json"]) == 0
    assert counts(capsys) == (1, 2, 0)
