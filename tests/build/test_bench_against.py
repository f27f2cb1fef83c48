"""Another commit and this tree, measured pair by pair: which comes first, and what the pairs say."""

import runpy
from pathlib import Path

import bench_against
import pytest
import trees
from console import BuildError

BEFORE, AFTER = (trees.Tree(Path(name), Path("python"), Path("site"), Path("observed")) for name in ("before", "after"))


def test_each_pair_is_measured_at_once_and_the_order_changes():
    seen = []

    def kind(name):
        return lambda tree: seen.append((name, tree.root.name)) or {name: len(seen)}

    pairs = bench_against.measured_in_turn([kind("a"), kind("b")], BEFORE, AFTER, 2)

    assert seen == [
        ("a", "before"), ("a", "after"), ("b", "before"), ("b", "after"),
        ("a", "after"), ("a", "before"), ("b", "after"), ("b", "before"),
    ]  # fmt: skip
    assert pairs == {"a": [(1, 2), (6, 5)], "b": [(3, 4), (8, 7)]}


def test_the_ratio_is_that_of_the_pairs_and_not_of_the_medians():
    # A drift of the machine, four times as slow at the end: each pair still says 1.1.
    pairs = {"live, s": [(1.0, 1.1), (2.0, 2.2), (4.0, 4.4)], "sent, kB": [(0, 0), (0, 0), (5, 5)]}

    _, _, live, sent = bench_against.summary(pairs)

    assert live.split() == ["live,", "s", "2", "2.2", "1.100", "1.100", "to", "1.100"]
    assert sent.split()[-4:] == ["1.000", "1.000", "to", "1.000"]


def test_one_pair_has_no_spread():
    assert bench_against.summary({"live, s": [(2.0, 1.0)]})[-1].endswith("0.500  0.500 to 0.500")


def test_the_command_offers_the_figures_there_are():
    offered = runpy.run_path(str(Path(trees.__file__).with_name("__main__.py")))["FIGURES"]

    assert offered == (*bench_against.MEASURED, bench_against.MOVED)


def test_a_commit_that_is_not_there_is_a_sentence():
    with pytest.raises(BuildError, match="no-such-thing is no commit of this repository"):
        trees.built_beside("no-such-thing")


def test_a_tree_says_what_its_package_and_its_tracks_are_called():
    here = trees.Tree(trees.ROOT, Path(trees.sys.executable), Path("site"), Path("observed"))

    assert here.package == "rooflab"
    assert here.vocabulary["tracks"][0]["id"] == "cloud-titan"
    assert "batch" in here.vocabulary["tracks"][0]["controls"]["1"]
    assert '"entries"' in here.vocabulary["ledger"]
