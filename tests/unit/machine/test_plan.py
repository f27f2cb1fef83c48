"""The plan is plain data, and what it asks for takes about twenty seconds."""

import json

from rooflab.machine.plan import plan


def test_the_plan_is_plain_data_and_the_same_each_time():
    assert json.loads(json.dumps(plan())) == plan() == plan()


def test_samples_that_last_as_planned_fit_into_twenty_seconds():
    made = plan()
    rounds = made["rounds"] + 1  # the first is dropped

    assert made["sample_s"] * rounds * len(made["rows"]) < 16
    assert made["lead_s"] + made["burst_s"] <= 2


def test_no_row_is_measured_twice():
    for name in ("rows", "all_cores", "webgpu", "webgpu_software"):
        rows = [tuple(row.values()) for row in plan()[name]]
        assert len(rows) == len(set(rows))


def test_what_is_compared_has_all_its_rows():
    rows = {tuple(row.values()) for row in plan()["rows"]}

    for kernel in ("chain", "epilogue"):
        sizes = {variant: {size for each, of, size in rows if (each, of) == (kernel, variant)} for variant in ("passes", "fused")}
        assert sizes["passes"] == sizes["fused"]
    assert {size for kernel, _, size in rows if kernel == "triad"} == {2**13 * 2**doubling for doubling in range(14)}
