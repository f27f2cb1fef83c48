"""The test files near to a module: those of its folder, and those that import it or what imports it, at one or two removes, by a helper of theirs too, or read it as text."""

import ast
from functools import lru_cache
from pathlib import Path

__all__ = ["near"]

READS = 'rglob("*.py")'
"""What a test that reads the package as text has in it: it is near to every module."""

PACKAGE, HELPERS = "rooflab", "tests.unit."


def near(root: Path, path: str) -> list[str]:
    """Return test files, nearest first, for a module of the package by its path."""
    module = ".".join((PACKAGE, *Path(path).with_suffix("").parts))
    package, tests = _imports(root / "pylib"), _with_helpers(_imports(root / "tests" / "unit"))
    users = {name for name, imported in package.items() if module in imported}
    further = {name for name, imported in package.items() if users & imported}
    folder, ranked = Path(path).parts[0], []
    for name, imported in tests.items():
        if Path(name).name.startswith("test_"):
            same = folder in Path(name).parts or folder.removesuffix(".py") in Path(name).stem
            rank = 0 if module in imported else 1 if same and users & imported else 2 if users & imported else 3 if same else 4 if further & imported else None
            if rank is not None:
                words = set(Path(path).stem.split("_")) & set(Path(name).stem.split("_"))
                ranked.append((rank, -len(words), name))
    known = {name for _, _, name in ranked}
    reading = [name for name in tests if name not in known and READS in (root / "tests" / "unit" / name).read_text(encoding="utf-8")]
    ranked += [(0, 1, name) for name in reading if Path(name).name.startswith("test_")]
    return [f"tests/unit/{name}" for _, _, name in sorted(ranked)]


@lru_cache
def _imports(folder: Path) -> dict[str, set[str]]:
    """Return the modules of the package that each file imports; those of the package by their dotted names."""
    found = {}
    for path in sorted(folder.rglob("*.py")):
        imported = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith((PACKAGE, HELPERS)):
                imported |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
        name = path.relative_to(folder)
        found[".".join(name.with_suffix("").parts).removesuffix(".__init__") if folder.name == "pylib" else name.as_posix()] = imported
    return found


def _with_helpers(tests: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return what each test file imports, with what the helpers that it imports do."""
    helpers = {HELPERS + name.removesuffix(".py").replace("/", "."): imported for name, imported in tests.items()}
    return {name: imported.union(*(helpers.get(each, set()) for each in imported)) for name, imported in tests.items()}
