"""What a row may hold: impossible inputs are refused, unknown ones named, and what fits no memory is not predicted."""

import copy
import json
import math

import pytest

from rooflab.__main__ import main
from rooflab.measured.inputs import KNOWN, check_inputs, unknown_inputs
from rooflab.measured.predict import QUANTITIES, predict_row, predict_rows, row_doubts
from rooflab.measured.rows import RowError, published_rows

ROWS = published_rows()
BY_ID = {each["id"]: each for each in ROWS}


def changed(row_id="GF-01", *, shape=None, device_spec=None, without=(), **inputs):
    row = copy.deepcopy(BY_ID[row_id])
    row["inputs"] |= inputs
    row["inputs"]["shape"] |= shape or {}
    row["inputs"]["device_spec"] |= device_spec or {}
    for name in without:
        del row["inputs"]["shape"][name]
    return row


def test_every_quantity_has_its_inputs():
    assert set(QUANTITIES) <= set(KNOWN)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_published_row_is_possible_and_known(row):
    check_inputs(row["quantity"], row["inputs"])

    assert unknown_inputs(row["quantity"], row["inputs"]) == {}


def test_a_row_that_is_not_predicted_is_refused_and_not_doubted(capsys, tmp_path):
    row = changed(shape={"params_total": 70.6e9, "params_active": 70.6e9}, device_spec={"memory_bytes": 24e9})
    path = tmp_path / "rows.json"
    path.write_text(json.dumps({"schema": 1, "rows": [row]}))

    status = main(["predict", str(path)])

    said = capsys.readouterr()
    assert status == 2
    assert json.loads(said.out) == {}
    (line,) = said.err.splitlines()
    assert "This does not fit" in line
    assert row_doubts([row]) == ()


def test_one_row_predicted_is_a_success_and_none_at_all_is_said(capsys, tmp_path):
    path, empty = tmp_path / "rows.json", tmp_path / "empty.json"
    path.write_text(json.dumps({"schema": 1, "rows": [changed(), changed() | {"id": "b", "quantity": "speed"}]}))
    empty.write_text(json.dumps({"schema": 1, "rows": []}))

    assert main(["predict", str(path)]) == 0
    assert "no prediction for b" in capsys.readouterr().err
    assert main(["predict", str(empty)]) == 2
    assert "no rows" in capsys.readouterr().err


def test_no_doubt_leaves_more_than_the_memory_has():
    row = changed(device_spec={"memory_bytes": 13e9})  # 13.5 GB of weights: 13 GiB would hold them, 13 GB do not

    (words,) = row_doubts([row])

    # 91% of the memory: beside the runtime's reserve nothing is left for a cache.
    assert words.endswith("of 13.0 GB a serving stack leaves 11.8 GB (GF-01)")


def test_every_published_row_fits_and_is_predicted():
    predictions, gaps = predict_rows(ROWS)

    assert len(predictions) == len(ROWS) and not gaps
    assert not row_doubts(ROWS)


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"chips": 0.5}, "chips must be a whole number from 1; got 0.5"),
        ({"chips": -1}, "chips must be a whole number from 1; got -1"),
        ({"chips": True}, "chips must be a whole number from 1; got True"),
        ({"batch": -4}, "batch must be a whole number from 1; got -4"),
        ({"batch": 10**400}, "batch must be a whole number from 1"),
        ({"context_tokens": 0}, "context_tokens must be a number from 1; got 0"),
        ({"context_tokens": math.nan}, "context_tokens must be a number from 1; got nan"),
        ({"context_tokens": math.inf}, "context_tokens must be a number from 1; got inf"),
        ({"batch": "8"}, "batch must be a whole number from 1; got '8'"),
        ({"batch": [8]}, "batch must be a whole number from 1"),
        ({"batch": 1.5}, "batch must be a whole number from 1; got 1.5"),
        ({"shape": {"kv_heads": 999}}, "shape.heads must be a whole multiple of shape.kv_heads; got 32 and 999"),
        ({"shape": {"heads": 7}}, "shape.heads must be a whole multiple of shape.kv_heads; got 7 and 32"),
        ({"draft_shape": {"heads": 8, "kv_heads": 3}}, "draft_shape.heads must be a whole multiple"),
        ({"weight_precision": "int3"}, "weight_precision must be one of"),
        ({"shape": {"layers": 31.5}}, "shape.layers must be a whole number from 1; got 31.5"),
        ({"shape": {"tied_embeddings": "yes"}}, "shape.tied_embeddings must be true or false; got 'yes'"),
        ({"shape": {"experts": 2, "experts_per_token": 8}}, "experts_per_token is 8, more than shape.experts, 2"),
        ({"shape": {"kv_lora_rank": 512, "kv_heads": 8}}, "shape.kv_heads is 8 beside shape.kv_lora_rank 512: .*null, 1 or the 32 heads"),
        ({"shape": {"kv_lora_rank": 0}}, "shape.kv_lora_rank must be a whole number from 1; got 0"),
        ({"shape": {"sliding_window": 1.5}}, "shape.sliding_window must be a whole number from 1; got 1.5"),
        ({"shape": {"shared_experts": -1}}, "shape.shared_experts must be a whole number from 0; got -1"),
        ({"shape": {"layer_types": ["mamba"] * 32}}, "shape.layer_types must be a list of full_attention and sliding_attention"),
        ({"shape": {"layer_types": [["full_attention"]] * 32}}, "shape.layer_types must be a list of full_attention and"),
        ({"shape": {"layer_types": ["full_attention"] * 31}}, "shape.layer_types names 31 layers, and shape.layers is 32"),
        ({"shape": {"layer_types": ["sliding_attention"] * 32}}, "shape.sliding_window is missing, and shape.layer_types gives"),
        ({"device_spec": {"hbm_bytes_per_s": -1}}, "device_spec.hbm_bytes_per_s must be a number above 0; got -1"),
        ({"device_spec": {"peak_flop_per_s": {"bf16": 0}}}, "device_spec.peak_flop_per_s must be an object of rates"),
    ],
    ids=lambda each: str(each)[:40],
)
def test_what_nothing_can_have_is_refused_in_words(inputs, words):
    with pytest.raises(RowError, match=words):
        predict_row(changed(**inputs))


@pytest.mark.parametrize(
    "shape",
    [
        {"kv_lora_rank": 512, "qk_rope_head_dim": 64, "kv_heads": None},
        {"kv_lora_rank": 512, "qk_rope_head_dim": 64, "kv_heads": 32, "heads": 32},  # as configurations have it
        {"sliding_window": 128, "layer_types": ["full_attention", "sliding_attention"] * 16},
        {"sliding_window": 128},
        {"shared_experts": 1},
    ],
)
def test_shapes_of_newer_models_are_known_inputs(shape):
    row = changed(shape=shape)
    check_inputs(row["quantity"], row["inputs"])

    assert unknown_inputs(row["quantity"], row["inputs"]) == {}


def test_a_misspelt_input_is_named_once_with_its_rows_and_what_it_may_mean():
    rows = [changed(contxt_tokens=9) | {"id": name} for name in ("a", "b")]

    assert row_doubts(rows) == ("contxt_tokens is not an input of decode_tokens_per_s and was ignored; did you mean context_tokens? (a, b)",)


def test_an_input_within_a_shape_is_named_with_its_path():
    (words,) = row_doubts([changed(shape={"layrs": 32})])

    assert words.startswith("shape.layrs is not an input of decode_tokens_per_s and was ignored; did you mean layers?")


def test_an_input_of_one_configuration_of_a_ratio_is_checked_too():
    row = copy.deepcopy(next(each for each in ROWS if each["quantity"] == "config_ratio"))
    row["inputs"]["numerator"]["batch"] = -1

    with pytest.raises(RowError, match="numerator.batch must be a whole number from 1"):
        predict_row(row)


def test_experts_that_every_token_meets_are_a_dense_model():
    dense = predict_row(changed())

    assert predict_row(changed(shape={"experts": 8, "experts_per_token": 8})) >= dense * 0.5
    assert predict_row(changed(shape={"experts": 8, "experts_per_token": 8})) < dense


def test_what_is_assumed_of_an_absent_table_is_said():
    assert row_doubts([changed(without=["tied_embeddings"])]) == ("shape.tied_embeddings is not given, and taken as false (GF-01)",)


SEVENTY = {"params_total": 70.6e9, "params_active": 70.6e9}


def test_weights_that_do_not_fit_are_not_predicted():
    with pytest.raises(RowError, match="weights need 141 GB and the cache .*, there are 24.0 GB"):
        predict_row(changed(shape=SEVENTY, device_spec={"memory_bytes": 24e9}))


@pytest.mark.parametrize("row_id", ["GF-01", "LM-03"])
def test_a_cache_that_does_not_fit_is_not_predicted(row_id):
    with pytest.raises(RowError, match="does not fit: weights need 13.5 GB and the cache"):
        predict_row(changed(row_id, batch=100_000))


def test_what_the_reserve_of_a_stack_would_not_leave_is_doubted():
    row = changed(device_spec={"memory_bytes": 13.5e9})

    assert predict_row(row) > 0
    (words,) = row_doubts([row])
    assert words.startswith("this may not fit: weights need 13.5 GB")


def test_the_command_line_says_gaps_and_doubts_apart_from_the_predictions(tmp_path, capsys):
    rows = [changed(batch=100_000) | {"id": "large"}, changed(bach=2) | {"id": "misspelt"}]
    (tmp_path / "rows.json").write_text(json.dumps({"schema": 1, "rows": rows}))

    assert main(["predict", str(tmp_path / "rows.json")]) == 0

    told = capsys.readouterr()
    assert list(json.loads(told.out)) == ["misspelt"]
    assert "no prediction for large" in told.err
    assert "bach is not an input" in told.err


@pytest.mark.parametrize("shape", [{"vocab": 5_000_000}, {"experts": 64, "experts_per_token": 6}, {"params_total": 8e6}])
def test_parameters_that_the_dimensions_contradict_are_refused(shape):
    with pytest.raises(RowError, match="shape.params_total is .* the two must agree"):
        predict_row(changed("H2-01", shape={"params_active": None} | shape))
