"""The model computes what is stored for its version; sets of earlier versions stay, and their designs still open."""

import json
from copy import deepcopy
from pathlib import Path

import pytest

from rooflab.evaluate import KINDS
from rooflab.lab.ledger.model_version import MODEL
from rooflab.lab.setting import design_of, setting
from tests.unit.figures.stored import KEYS, differences, path_of, place_figures, predictions

FILES = sorted(Path(__file__).parent.glob("model-*.json"))
HOW = "PYTHONPATH=pylib python -m tests.unit.figures.stored"


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def designs(stored, name):
    """Return the designs of a place of a stored set, by name; a field that is new since then is as at the start."""
    said = stored["places"][name]
    place = setting(*key_of(name))
    names = stored["kinds"][said["kind"]]["fields"]
    return {
        title: design_of(place, {"kind": said["kind"], **dict(zip(names, each["design"], strict=True))})
        for title, each in said["outcomes"].items()
    }


def key_of(name):
    track, part, variant = name.rsplit(" ", 2)
    return track, int(part), int(variant)


@pytest.fixture(scope="module")
def stored():
    path = path_of(MODEL.version)
    assert path.exists(), f"Version {MODEL.version} of the model has no stored figures. Make and commit them: {HOW}"
    return read(path)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: " ".join(map(str, key)))
def test_a_part_has_the_figures_of_its_version(stored, key):
    name = " ".join(map(str, key))
    drawn = [each for title, each in designs(stored, name).items() if title.startswith("drawn")]
    said = stored["places"][name]

    assert list(differences(said, place_figures(key, drawn, stored["kinds"][said["kind"]]))) == []


def test_published_rows_are_predicted_as_stored(stored):
    assert list(differences(stored["predictions"], predictions())) == []


def test_every_part_is_stored_with_drawn_designs(stored):
    titles = {key_of(name): set(said["outcomes"]) for name, said in stored["places"].items()}

    assert set(titles) == set(KEYS)
    assert all({"crisis", "drawn 0", "drawn 1", "drawn 2"} < each for each in titles.values())


@pytest.mark.parametrize("kind", [each.id for each in KINDS])
def test_designs_of_every_kind_do_and_do_not_meet_their_targets(stored, kind):
    at = stored["kinds"][kind]["figures"].index("feasible")
    told = [each for said in stored["places"].values() if said["kind"] == kind for each in said["outcomes"].values()]

    assert {each["figures"][at] for each in told if "figures" in each} == {True, False}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_stored_set_is_of_the_version_it_is_named_for_and_its_designs_open(path):
    stored = read(path)

    assert path == path_of(stored["version"])
    for name in stored["places"]:
        assert len(designs(stored, name)) >= 5


def test_the_figures_are_those_of_the_digest_that_ledgers_name(stored):
    assert stored["digest"] == MODEL.digest, f"The model changed: raise its version, then {HOW}"


def test_a_changed_figure_verdict_choice_or_prediction_is_found(stored):
    name, said = next(iter(stored["places"].items()))
    figures = stored["kinds"][said["kind"]]["figures"]
    for figure, change in (
        ("step_time_s", lambda value: value * (1 + 3e-9)),
        ("feasible", lambda value: not value),
        ("bound", lambda value: "another"),
    ):
        changed = deepcopy(stored)
        values = changed["places"][name]["outcomes"]["crisis"]["figures"]
        at = figures.index(figure)
        values[at] = change(values[at])
        found = list(differences(stored, changed))
        assert [each.partition(":")[0] for each in found] == [f"/places/{name}/outcomes/crisis/figures/{at}"]


def test_rounding_of_another_machine_is_no_difference():
    assert list(differences([1.0, {"a": 2}], [1.0 + 1e-12, {"a": 2}])) == []
    assert list(differences({"a": 1}, {"b": 1})) != []
    assert list(differences([True], [1.0])) != []
