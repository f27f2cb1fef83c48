import json
import subprocess
import sys
from pathlib import Path

import pytest

from rooflab.__main__ import main

PYLIB = Path(__file__).parents[2] / "pylib"


def test_roofline_says_what_bounds_a_product(capsys):
    assert main(["roofline", "--tokens", "1", "--json"]) == 0

    figures = json.loads(capsys.readouterr().out)
    assert figures["bound"] == "memory"
    assert figures["flop"] == 2 * 8192 * 8192


def test_evaluate_shows_the_crisis(capsys):
    assert main(["evaluate"]) == 0

    text = capsys.readouterr().out
    assert "KV traffic 80% of the step" in text
    assert "memory-bound" in text


def test_evaluate_takes_a_design_from_a_file(tmp_path, capsys):
    assert main(["evaluate", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    design = tmp_path / "design.json"
    design.write_text(json.dumps(figures["design"] | {"attention_kernel": "fused"}))

    assert main(["evaluate", "--design", str(design), "--set", "batch=8", "--json"]) == 0

    again = json.loads(capsys.readouterr().out)
    assert again["design"]["attention_kernel"] == "fused"
    assert again["design"]["batch"] == 8
    assert again["step_time_s"] < figures["step_time_s"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["roofline", "--device", "abacus"], "No device 'abacus' is known; known are"),
        (["roofline", "--precision", "fp8"], "has no peak rate for fp8"),
        (["roofline", "--precision", "roman"], "No precision 'roman'"),
        (["evaluate", "--track", "sea"], "no track 'sea'"),
        (["evaluate", "--set", "batch=0"], "batch must be a whole number from 1"),
        (["evaluate", "--set", "sails=3"], "--set takes NAME=VALUE"),
        (["evaluate", "--design", "/no/such/file"], "cannot be read"),
        (["evaluate", "--design", "/dev/zero"], "larger than 64 MB"),
        (["evaluate", "--set", "batch=--5"], "batch must be"),
        (["evaluate", "--set", "batch=\N{SUPERSCRIPT TWO}"], "batch must be"),
        (["sweep", "--set", "batch=1:\N{SUPERSCRIPT TWO}:1"], "A range is FIRST:LAST:STEP"),
        (["sweep", "--set", "batch=1,2", "--set", "batch=3,4"], "names batch twice"),
        (["sweep", "--set", "batch=1:999999999999:1"], "designs are evaluated at once"),
        (["replay", "/dev/zero"], "larger than 1 MB"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(arguments, words, capsys):
    assert main(arguments) == 2

    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said
    assert said.count("\n") == 1


def test_a_design_that_is_no_json_is_refused(tmp_path, capsys):
    path = tmp_path / "design.json"
    path.write_text("{")

    assert main(["evaluate", "--design", str(path)]) == 2
    assert "is not JSON" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["roofline", "--tokens", "1" + 400 * "0"],
        ["evaluate", "--variant", "-1"],
        ["evaluate", "--variant", "1" + 20 * "0"],
        ["answers", "--track", "cloud-titan", "--variant", "x"],
    ],
    ids=lambda words: " ".join(words)[:40],
)
def test_a_number_out_of_bounds_is_refused_with_the_bounds(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert "is not a whole number from" in capsys.readouterr().err


def test_a_reader_that_has_read_enough_is_no_error():
    words = f"{sys.executable} -m rooflab sweep --set batch=1:1024:1 | head -1"
    ended = subprocess.run(words, shell=True, capture_output=True, text=True, cwd=PYLIB, check=False)

    assert ended.stdout.startswith("batch")
    assert ended.stderr == ""


def test_a_count_must_be_positive(capsys):
    with pytest.raises(SystemExit):
        main(["roofline", "--tokens", "-3"])

    assert "not a whole number from 1 to" in capsys.readouterr().err


def test_sweep_prints_a_line_for_every_combination(capsys):
    assert main(["sweep", "--set", "batch=16:48:16", "--set", "attention_kernel=eager,fused"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split("\t") == ["batch", "attention_kernel", "tokens_per_s", "runs", "feasible"]
    assert len(lines) == 1 + 3 * 2


@pytest.mark.parametrize("change", ["batch=1:2", "batch=4:1:1", "batch=1:9:0", "sail=1", "batch="])
def test_sweep_refuses_what_is_no_axis(change, capsys):
    assert main(["sweep", "--set", change]) == 2
    assert capsys.readouterr().err.startswith("rooflab: ")


def test_a_part_begins_with_its_mission(capsys):
    assert main(["evaluate", "--part", "3", "--set", "draft_tokens=2", "--set", "experts=tensor", "--json"]) == 0

    figures = json.loads(capsys.readouterr().out)
    assert figures["round_tokens_count"] == pytest.approx(1 + 0.7 + 0.7**2)
    assert "draft" in {each["id"] for each in figures["operators"]}


def test_a_grouping_of_digits_is_no_number(capsys):
    change = "fusion=000000,010010,110110"
    assert main(["sweep", "--part", "2", "--set", change, "--figure", "step_time_s", "--json"]) == 0

    rows = json.loads(capsys.readouterr().out)
    assert [each["fusion"] for each in rows] == ["000000", "010010", "110110"]
    assert rows[0]["step_time_s"] > rows[1]["step_time_s"] > rows[2]["step_time_s"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("draft_tokens=2", "has no draft model"),
        ("experts=tensor", "has no mixture of experts"),
        ("sparsity=2:4", "offers no sparse weights"),
        ("fusion=2", "fusion must be one of"),
    ],
)
def test_what_a_scenario_does_not_offer_is_said(change, words, capsys):
    assert main(["evaluate", "--set", change]) == 2
    assert words in capsys.readouterr().err


def test_other_tracks_are_evaluated_too(capsys):
    assert main(["evaluate", "--track", "mobile-nomad"]) == 0
    assert "MBU" in capsys.readouterr().out


@pytest.mark.parametrize("typed", ["16.5", "1e3", "1_000", "0x10", "True", " 16", ""])
@pytest.mark.parametrize("command", ["evaluate", "sweep"])
def test_a_value_is_refused_as_it_was_typed_with_what_would_do(command, typed, capsys):
    assert main([command, "--set", f"batch={typed}"]) == 2

    assert capsys.readouterr().err == f"rooflab: batch must be a whole number from 1 to 1048576; got {typed!r}.\n"


def test_a_value_of_a_sweep_that_is_not_offered_is_named(capsys):
    assert main(["sweep", "--set", "attention_kernel=eager,fusd"]) == 2
    assert "attention_kernel must be one of eager, fused; got 'fusd'." in capsys.readouterr().err


def test_an_unknown_figure_is_named_with_those_there_are(capsys):
    assert main(["sweep", "--set", "batch=1,2", "--figure", "speed"]) == 2
    assert "No figure 'speed'; there are step_time_s" in capsys.readouterr().err


@pytest.mark.parametrize("as_json", [[], ["--json"]])
def test_a_design_that_does_not_fit_has_no_rate(as_json, capsys):
    assert main(["evaluate", "--set", "batch=65536", *as_json]) == 2

    told = capsys.readouterr()
    assert told.out == ""
    assert "This design cannot run. Out of memory: 12.1 TB needed on each GPU, only 85.9 GB available." in told.err
    assert "weights 17.6 GB, KV cache 11.0 TB" in told.err


def test_a_sweep_gives_no_rate_to_a_design_that_does_not_fit(capsys):
    assert main(["sweep", "--set", "batch=16,65536", "--figure", "tokens_per_s", "--figure", "fits", "--json"]) == 0

    fits, does_not = json.loads(capsys.readouterr().out)
    assert (fits["fits"], does_not["fits"]) == (True, False)
    assert fits["tokens_per_s"] > 0 and does_not["tokens_per_s"] is None


def test_a_sweep_tells_the_largest_batch_of_a_design_that_does_not_fit(capsys):
    assert main(["sweep", "--set", "batch=16,65536", "--figure", "max_batch_count", "--figure", "fits", "--json"]) == 0
    fits, does_not = json.loads(capsys.readouterr().out)
    largest = int(fits["max_batch_count"])
    assert main(["sweep", "--set", f"batch={largest},{largest + 1}", "--figure", "fits", "--json"]) == 0
    at, beyond = json.loads(capsys.readouterr().out)

    assert fits["max_batch_count"] == does_not["max_batch_count"]
    assert (at["fits"], beyond["fits"]) == (True, False)


def test_help_names_the_command_first_and_says_what_it_is(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])

    said = capsys.readouterr().out
    assert ended.value.code == 0
    assert said.startswith("usage: python -m rooflab ")
    assert "model" in said.partition("usage")[2].partition("positional arguments")[0].split("\n\n")[1]
