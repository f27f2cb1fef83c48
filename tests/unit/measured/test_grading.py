import copy
import json
import math

import pytest

from rooflab.__main__ import main
from rooflab.measured.grade import errors_by_id, grade
from rooflab.measured.predict import QUANTITIES, predict_row, predict_rows
from rooflab.measured.rows import RowError, check_rows, published_rows

ROWS = published_rows()
BY_ID = {each["id"]: each for each in ROWS}
PREDICTIONS, GAPS = predict_rows(ROWS)


def changed(row_id, **inputs):
    row = copy.deepcopy(BY_ID[row_id])
    row["inputs"].update(inputs)
    return row


def test_every_published_row_is_predicted():
    assert GAPS == {}
    assert set(PREDICTIONS) == set(BY_ID)
    assert {each["quantity"] for each in ROWS} <= set(QUANTITIES)


def test_the_model_is_as_near_as_it_says():
    overall = grade(PREDICTIONS, ROWS)[-1]

    assert overall.coverage_fraction == 1
    assert overall.median_fraction <= 0.07
    assert overall.p90_fraction <= 0.20


def test_a_prediction_does_not_look_at_the_answer():
    blind = [{k: v for k, v in each.items() if k not in ("measured", "note")} for each in ROWS]

    assert predict_rows(blind)[0] == PREDICTIONS


def test_more_bandwidth_is_never_slower():
    spec = BY_ID["GF-01"]["inputs"]["device_spec"]
    faster = changed("GF-01", device_spec=spec | {"hbm_bytes_per_s": 4e12})

    assert predict_row(faster) > PREDICTIONS["GF-01"]


def test_a_larger_batch_never_shortens_a_step():
    steps = [predict_row(changed("LM-03", batch=batch)) for batch in (1, 8, 32, 64)]

    assert steps == sorted(steps)


def test_all_experts_for_every_token_is_a_dense_model():
    shape = BY_ID["MX-01"]["inputs"]["shape"]
    one = changed("MX-01", batch=1)
    many = changed("MX-01", batch=64)
    dense = changed(
        "MX-01",
        batch=64,
        shape=shape
        | {"experts": 1, "experts_per_token": 1, "params_active": shape["params_total"]},
    )

    # 64 tokens read nearly all experts, so bytes agree; the dense one computes with all of them.
    assert predict_row(many) > predict_row(dense)
    assert predict_row(many) / predict_row(one) < 64


def test_weights_only_quantisation_is_no_free_half():
    half = predict_row(changed("GF-01", weight_precision="int8"))

    assert 1 < half / PREDICTIONS["GF-01"] < 2


def test_the_bytes_of_unfused_attention_are_counted_by_hand():
    scores = 64 * 16 * 1024 * 1024  # batch, heads, queries, keys
    vectors = 64 * 16 * 1024 * 64

    # 8 passes over the scores forward and 11 backward; 12 over Q, K, V, O and their gradients
    assert PREDICTIONS["FA-01"] == 2 * (19 * scores + 12 * vectors)


def test_a_stream_of_launches_takes_what_the_source_says():
    assert PREDICTIONS["LO-01"] == pytest.approx(2.9e-6 + 6.7e-6)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"id": "x", "quantity": "speed", "inputs": {}}, "No quantity 'speed' is predicted"),
        (
            {"id": "x", "quantity": "prefill_time_s", "inputs": {"batch": 1}},
            "inputs lack prompt_tokens; they have batch",
        ),
        (changed("GF-01", weight_precision="int3"), "weight_precision must be one of .*; got 'int3'"),
        (changed("GF-01", shape={}), "inputs lack \\w+; they have none"),
        (changed("GF-01", device_spec={"peak_flop_per_s": {}}), "lack hbm_bytes_per_s"),
        (changed("GF-01", batch="many"), "batch must be a whole number from 1; got 'many'"),
        (changed("GF-01", batch=math.nan), "batch must be a whole number"),
        (changed("GF-01", shape=[1, 2]), "shape must be an object"),
        (changed("GF-01", batch=-1), "batch must be a whole number from 1; got -1"),
        (changed("FA-03", of="beauty"), "No ratio of 'beauty'"),
        (changed("LO-01", launch_mode="prayer"), "No launch mode 'prayer'"),
    ],
    ids=lambda each: "" if isinstance(each, dict) else each,
)
def test_a_row_that_cannot_be_predicted_says_what_it_lacks(row, words):
    with pytest.raises(RowError, match=words):
        predict_row(row)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "an object"),
        ({"schema": 2, "rows": []}, "schema 2"),
        ({"schema": 1, "rows": [3]}, "Row 0 is no object"),
        ({"schema": 1, "rows": [{"id": "a"}]}, "'a' lacks topic, quantity, inputs"),
        (
            {"schema": 1, "rows": [{"id": "a", "topic": "", "quantity": "", "inputs": {}}] * 2},
            "id of its own",
        ),
    ],
)
def test_what_is_no_table_of_rows_is_refused(data, words):
    with pytest.raises(RowError, match=words):
        check_rows(data)


def test_errors_are_relative_to_the_measurement():
    rows = [
        {"id": "a", "topic": "t", "measured": 2.0, "graded": True},
        {"id": "b", "topic": "t", "measured": 2.0, "graded": True},
        {"id": "c", "topic": "u", "measured": 2.0, "graded": False},
    ]

    assert errors_by_id({"a": 1.0, "b": math.nan, "c": 9.0}, rows) == {"a": 0.5, "b": None}
    topic, overall = grade({"a": 1.0, "b": math.inf}, rows)
    assert topic.coverage_fraction == overall.coverage_fraction == 0.5
    assert topic.median_fraction == 0.5


def test_percentiles_lie_between_the_order_statistics():
    rows = [{"id": str(k), "topic": "t", "measured": 1.0, "graded": True} for k in range(11)]
    predictions = {str(k): 1.0 + k / 10 for k in range(11)}

    assert grade(predictions, rows)[-1].median_fraction == pytest.approx(0.5)
    assert grade(predictions, rows)[-1].p90_fraction == pytest.approx(0.9)


def test_predict_and_grade_work_from_the_command_line(tmp_path, capsys):
    rows, predictions = tmp_path / "rows.json", tmp_path / "predictions.json"
    rows.write_text(json.dumps({"schema": 1, "rows": ROWS[:12]}))

    assert main(["predict", str(rows)]) == 0
    predictions.write_text(capsys.readouterr().out)
    assert main(["grade", str(predictions), str(rows)]) == 0

    assert "speculative" in capsys.readouterr().out
    assert main(["grade", str(predictions), str(rows), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[-1]["coverage_fraction"] == 1


def test_without_predictions_none_is_farthest(tmp_path, capsys):
    none = tmp_path / "none.json"
    none.write_text("{}")

    assert main(["grade", str(none)]) == 0
    assert "Farthest" not in capsys.readouterr().out


def test_a_row_without_a_prediction_is_named_and_left_out(tmp_path, capsys):
    rows = tmp_path / "rows.json"
    bad = {"id": "X", "topic": "t", "quantity": "prefill_time_s", "inputs": {}}
    rows.write_text(json.dumps({"schema": 1, "rows": [BY_ID["GF-01"], bad]}))

    assert main(["predict", str(rows)]) == 0

    said = capsys.readouterr()
    assert list(json.loads(said.out)) == ["GF-01"]
    assert "no prediction for X" in said.err


@pytest.mark.parametrize(
    ("row_id", "unknown"),
    [
        ("GF-06", {"interconnect": None, "power_cap_w": None}),
        ("SD-01", {"acceptance_rate": None}),
        ("SD-01", {"draft_tokens": None}),
        ("SV-04", {"software": None}),
        ("SV-10", {"kv_precision": None}),
        ("FA-12", {"chips": None}),
        ("ED-01", {"weighted_layers": None, "weight_bytes": None}),
        ("MC-01", {"outputs": None, "dot_length": None}),
        ("SP-01", {"best_over_shapes": True, "m": None}),
    ],
)
def test_what_no_source_states_is_assumed(row_id, unknown):
    assert predict_row(changed(row_id, **unknown)) == pytest.approx(
        PREDICTIONS[row_id], rel=0.6
    )


def test_a_drafts_cost_follows_from_its_shape():
    small = BY_ID["GF-01"]["inputs"]
    large = BY_ID["GF-10"]["inputs"]
    row = {
        "id": "x",
        "quantity": "speculative_speedup",
        "inputs": large
        | {
            "draft_shape": small["shape"],
            "acceptance_rate": 0.8,
            "draft_tokens": 4,
            "draft_cost_ratio": None,
        },
    }

    # A tenth of the parameters takes more than a tenth of the time: its layers are short.
    assert 1 < predict_row(row) < 5
