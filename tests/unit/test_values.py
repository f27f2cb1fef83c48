"""Numbers, flags and words of designs and outcomes are annotated as such; Any stays where anything may come."""

import ast
from pathlib import Path

import pytest

import rooflab

ROOT = Path(rooflab.__file__).parent

# Where anything may come, or the type is known to a subclass only.
ANY = {
    "specs/experiment.py": "a trial of each kind of system, which stands above specs",
    "systems/kind.py": "each kind has a scenario of its own",
    "specs/design.py": "JSON of ledgers and links, checked field by field",
    "specs/scenario.py": "each kind of system has constants of its own",
    "specs/source.py": "a fact of any type, by the name of its field",
}
FILES = [path for name in ("specs", "model", "systems", "analyses") for path in sorted((ROOT / name).rglob("*.py"))]


def _names_any(text):
    return any(isinstance(node, ast.Name) and node.id == "Any" for node in ast.walk(ast.parse(text)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_any_is_not_said_of_a_value(path):
    allowed = path.relative_to(ROOT).as_posix() in ANY

    assert _names_any(path.read_text(encoding="utf-8")) == allowed


def test_an_annotation_with_any_is_found():
    assert _names_any("def fits(need_bytes: Any) -> bool: ...")
    assert not _names_any("def fits(need_bytes: Values) -> Flags: ...")
