"""The same design has the same numbers under CPython and inside Pyodide."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from library import PUBLISHED
from paths import PYLIB, ROOT, RUNTIME
from setup import node

HERE = Path(__file__).parent
TOLERANCE = 1e-12

sys.path.append(str(HERE))
import parity_program  # noqa: E402


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    if not (PUBLISHED / "numpy").exists():
        pytest.fail("There is no unpacked runtime; run: python3 build_scripts test")
    folder = tmp_path_factory.mktemp("parity")
    config, out = folder / "config.json", folder / "numbers.json"
    settings = {
        "runtime": f"{RUNTIME}/",
        "scripts": str(ROOT / "build_scripts" / "node"),
        "published": str(PUBLISHED),
        "pylib": str(PYLIB),
        "program": str(HERE),
        "out": str(out),
    }
    config.write_text(json.dumps(settings))
    run = subprocess.run(
        [str(node()), str(HERE / "parity.mjs"), str(config)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads(parity_program.document()), json.loads(out.read_text())


def test_every_number_is_the_same_to_twelve_digits(both):
    native, inside = both
    assert native.keys() == inside.keys()

    far = {}
    for name, value in native.items():
        one, other = np.asarray(value, dtype=float), np.asarray(inside[name], dtype=float)
        if one.shape != other.shape or not np.allclose(one, other, rtol=TOLERANCE, atol=0.0, equal_nan=True):
            far[name] = (value, inside[name])
    assert not far, f"{len(far)} of {len(native)} differ, such as {next(iter(far.items()))!r:.400}"


def test_every_track_that_is_open_and_every_row_is_compared(both):
    native, _ = both

    for track in parity_program.TRACKS:
        for variant in parity_program.VARIANTS:
            assert any(name.startswith(f"{track.id} {variant} crisis outcome") for name in native)
        missions = [part.number for part in track.parts if part.mission is not None]
        for number in missions:
            assert f"{track.id} 0 part {number} grid feasible" in native
    assert sum(name.startswith("predicted ") for name in native) == len(parity_program.published_rows())
    assert native["gaps"] == 0
