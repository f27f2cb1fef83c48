"""`pip install .` gives the model and its command line without Panel, Bokeh or Param."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy
import pytest
from paths import PYLIB, ROOT
from setuptools import find_packages

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

# None in sys.modules is what Python itself takes for a module that cannot be imported.
WITHOUT_VIEWS = "import sys; sys.modules.update(dict.fromkeys(('panel', 'bokeh', 'param')));"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """What setuptools copies by pyproject.toml's own rules, and NumPy beside it; nothing else."""
    folder = tmp_path_factory.mktemp("site-packages")
    settings = PROJECT["tool"]["setuptools"]
    patterns = settings["package-data"]["rooflab"]
    for name in find_packages(where=str(PYLIB), **{k: v for k, v in settings["packages"]["find"].items() if k != "where"}):
        target = folder / name.replace(".", "/")
        target.mkdir(parents=True)
        for path in (PYLIB / name.replace(".", "/")).glob("*.py"):
            shutil.copy2(path, target)
    for pattern in patterns:
        for path in (PYLIB / "rooflab").glob(pattern):
            shutil.copy2(path, folder / path.relative_to(PYLIB))
    packages = Path(numpy.__file__).parents[1]
    for each in packages.glob("numpy*"):
        (folder / each.name).symlink_to(each)
    return folder


def run(installed, program, *arguments):
    # Isolated: no user folder, no PYTHONPATH, none of this environment's packages but those named.
    program = f"{WITHOUT_VIEWS} sys.path = [p for p in sys.path if 'site-packages' not in p] + [{str(installed)!r}]; {program}"
    return subprocess.run(
        [sys.executable, "-I", "-c", program, *arguments], capture_output=True, text=True, check=False, cwd=installed
    )


def test_only_numpy_is_asked_for():
    assert [each.split(">")[0] for each in PROJECT["project"]["dependencies"]] == ["numpy"]
    assert {each.split("=")[0] for each in PROJECT["project"]["optional-dependencies"]["app"]} == {"bokeh", "panel"}


def test_every_module_and_every_data_file_is_copied(installed):
    for path in (PYLIB / "rooflab").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert (installed / path.relative_to(PYLIB)).exists(), path


def test_the_model_is_imported_without_the_views(installed):
    done = run(
        installed,
        "import rooflab.evaluate, rooflab.tracks, rooflab.analyses.search, rooflab.lab, rooflab.__main__;"
        "from rooflab.measured.rows import published_rows;"
        "import rooflab; print(rooflab.__file__);"
        "print(len(published_rows()), sorted(n for n in ('panel', 'bokeh', 'param') if sys.modules[n]))",
    )

    assert done.returncode == 0, done.stderr
    where, found = done.stdout.splitlines()
    assert where.startswith(str(installed))
    assert found == f"{69 + 75} []"  # the rows of both tables, and none of the views


def test_the_worked_example_of_the_package_runs(installed):
    done = run(
        installed,
        "import doctest, rooflab; found = doctest.testmod(rooflab); print(found.failed, found.attempted > 5)",
    )

    assert done.stdout.strip() == "0 True", done.stdout + done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["roofline"],
        ["evaluate"],
        ["sweep", "--set", "batch=1,2,4"],
        ["predict", "ROWS"],
    ],
    ids=lambda each: each[0],
)
def test_commands_work_in_text_and_json(installed, arguments):
    rows = str(installed / "rooflab" / "measured" / "measured_tune.json")
    asked = [rows if each == "ROWS" else each for each in arguments]
    main = "from rooflab.__main__ import main; sys.exit(main(sys.argv[1:]))"
    forms = [[]] if arguments[0] == "predict" else [[], ["--json"]]

    for form in forms:
        done = run(installed, main, *asked, *form)
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip()
    assert json.loads(done.stdout)


def test_predictions_are_graded(installed, tmp_path):
    main = "from rooflab.__main__ import main; sys.exit(main(sys.argv[1:]))"
    rows = installed / "rooflab" / "measured" / "measured_tune.json"
    predictions = tmp_path / "predictions.json"
    predictions.write_text(run(installed, main, "predict", str(rows)).stdout)

    done = run(installed, main, "grade", str(predictions), str(rows), "--json")

    overall = json.loads(done.stdout)[-1]
    assert overall["coverage_fraction"] == 1
    assert overall["median_fraction"] <= 0.08 and overall["p90_fraction"] <= 0.30
