"""Unit tests run without a build, all others after one."""

import subprocess

import pytest
import suite


@pytest.fixture
def done(monkeypatch):
    """What the suite did, in order; nothing of it is done here."""
    done = []
    monkeypatch.setattr(suite.browsers, "bring", lambda engines: done.append("browsers"))
    monkeypatch.setattr(suite, "build", lambda pack: done.append(f"build, {pack.__name__}"))
    monkeypatch.setattr(suite.subprocess, "run", lambda words, **_: done.append("pytest") or subprocess.CompletedProcess(words, 0))
    return done


@pytest.mark.parametrize(
    "words",
    [
        ["tests/unit"],
        ["tests/unit/model"],
        ["./tests/unit/model/"],
        [str(suite.ROOT / "tests" / "unit" / "model")],
        ["tests/unit/model", "tests/unit/lab"],
        ["tests/unit/test_layers.py::test_every_unit_has_a_row"],
        ["tests/unit/views", "-k", "site"],  # the folder `site` is no test
        ["-x", "tests/unit/model", "-k", "build"],
    ],
    ids=" ".join,
)
def test_unit_tests_run_without_a_build(done, words):
    suite.run(words)

    assert done == ["pytest"]


@pytest.mark.parametrize("words", [[], ["-k", "roofline"], ["tests"], ["tests/build"], ["tests/unit", "tests/build"]], ids=" ".join)
def test_all_other_tests_run_after_a_build(done, words):
    suite.run(words)

    assert done == ["browsers", "build, packed_quickly", "pytest"]
