"""Every kernel, in both modules, computes what NumPy computes: whole numbers, so exactly."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from kernels import MODULES, kernel_texts, module_text
from machine_files import assembled
from setup import node
from tests.checksums import KERNELS as BY_NUMPY
from tests.checksums import expected, expected_in_place

from rooflab.machine.plan import KERNELS, plan

PROGRAM = Path(__file__).with_name("run_kernels.mjs")
ROWS = [
    {"kernel": kernel, "variant": variant, "size": size}
    for kernel, variant, size in (
        *(("peak", variant, n) for variant in ("simd", "scalar") for n in (4, 100)),
        *(("triad", "", size) for size in (2**13, 2**20)),
        *(("chain", variant, k) for variant in ("passes", "fused") for k in (2, 5)),
        *(("epilogue", variant, size) for variant in ("passes", "fused") for size in (2**16, 2**20)),
        *(("gemm", variant, n) for variant in ("naive", "simd", "tile", "blocked") for n in (128, 256)),
        ("gemm", "blocked", 512),
        *(("batch", "", columns) for columns in (1, 2, 8)),
    )
]


@pytest.fixture(scope="module", params=MODULES)
def checksums(request):
    """The sums of every row, from one module."""
    run = subprocess.run([node(), PROGRAM, assembled()[request.param], json.dumps(ROWS)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_every_kernel_computes_what_numpy_computes(checksums):
    by_place = [None if row["kernel"] == "peak" else expected_in_place(row) for row in ROWS]

    assert [[first, second] for first, second, _ in checksums] == [[expected(row)] * 2 for row in ROWS]
    assert [each for *_, each in checksums] == by_place
    assert 0 not in by_place


def test_the_rows_of_the_plan_are_of_kernels_that_are_checked():
    checked = {(row["kernel"], row["variant"]) for row in ROWS}
    planned = plan()
    rows = [*planned["rows"], *planned["all_cores"], *planned["webgpu"], planned["jitter"], planned["thermal"]]

    assert {(row["kernel"], row["variant"]) for row in rows} == checked
    assert [each["kernel"] for each in KERNELS] == list(BY_NUMPY)


def test_only_the_relaxed_module_fuses():
    plain, relaxed = (module_text(module) for module in ("plain", "relaxed"))

    assert "relaxed" not in plain
    assert "f32x4.relaxed_madd" in relaxed
    assert re.sub(r"relaxed_madd", "", relaxed).count("f32x4.mul") < plain.count("f32x4.mul")


@pytest.mark.parametrize("module", MODULES)
def test_the_text_of_each_kernel_is_that_of_the_module(module):
    whole, texts = module_text(module), kernel_texts(module)

    assert all(text in whole for text in texts.values())
    assert set(re.findall(r'export "([a-z]+)', whole)) == set(texts)
