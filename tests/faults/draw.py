"""A seeded draw of small faults over the package, each kept by the text around it, so that it outlives other edits."""

import ast
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.faults.kinds import KINDS, Siblings

__all__ = ["Fault", "Pool", "applied", "draw"]

SHOWN = ("views", "charts", "tracks")  # where half of the faults are put
PASSED_OVER = {"rehearsal.py", "errors.py", "absent.py", "sources.py", "device_sources.py", "hearable_sources.py", "workload_sources.py"}
MOST_A_FILE = 2
RAISED = ("raise ", "__all__", "from ", "import ")


@dataclass(frozen=True, slots=True)
class Fault:
    """One small fault: in a function or class (or `""`, a module), the lines of a node as they are and as they become."""

    number: int
    kind: str
    path: str
    owner: str
    original: str
    mutated: str
    nth: int


class Pool:
    """Every fault that could be drawn from the files of the package as they are."""

    def __init__(self, folder: Path) -> None:
        self.files = {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(folder.rglob("*.py"))
            if path.name not in PASSED_OVER and path.name != "__init__.py"
        }
        self.trees = {name: ast.parse(source) for name, source in self.files.items()}
        self.siblings = Siblings(list(self.trees.values()))
        self._found: dict[tuple[str, str], list[tuple[str, str, str, int]]] = {}

    def of(self, name: str, kind: str) -> list[tuple[str, str, str, int]]:
        """Return every fault of a kind in one file, as owner, original lines, mutated lines and which of the same."""
        if (name, kind) not in self._found:
            self._found[name, kind] = list(self._find(name, kind))
        return self._found[name, kind]

    def _find(self, name: str, kind: str) -> Iterator[tuple[str, str, str, int]]:
        source, tree = self.files[name], self.trees[name]
        lines = source.splitlines(keepends=True)
        spans = _owners(tree)
        skipped = _skipped(tree)
        for node, instead in KINDS[kind](tree, self.siblings):
            at = _position(node)
            if at is None or any(first <= at[0] <= last for first, last in skipped):
                continue
            first, start, last, end = at
            block = "".join(lines[first - 1 : last])
            start, end = _characters(lines, first, start), _characters(lines, last, end)
            head, tail = lines[first - 1][:start], lines[last - 1][end:]
            mutated = f"{head}{instead}{tail}"
            segment = block[start : len(block) - len(lines[last - 1]) + end]
            if block.lstrip().startswith(RAISED) or not _same(segment, node):
                continue
            owner, owner_first = next(((each, begin) for each, begin, finish in spans if begin <= first and last <= finish), ("", 1))
            before = "".join(lines[owner_first - 1 : first - 1])
            yield owner, block, mutated, before.count(block)


def draw(pool: Pool, seed: int, number: int, taken: list[Fault]) -> Fault:
    """Return the fault of this number: every other in what is shown, kinds and files by turns of chance."""
    chance = random.Random(f"{seed}/{number}")
    drawn = Counter(each.path for each in taken)
    shown = number % 2 == 0
    names = [each for each in pool.files if (each.split("/")[0] in SHOWN) == shown and drawn[each] < MOST_A_FILE]
    kinds = list(KINDS)
    chance.shuffle(kinds)
    for kind in kinds:
        groups: dict[str, list[str]] = {}
        for name in names:
            if pool.of(name, kind):
                groups.setdefault(name.split("/")[0], []).append(name)
        if groups:
            name = chance.choice(groups[chance.choice(sorted(groups))])
            found = Fault(number, kind, name, *chance.choice(pool.of(name, kind)))
            made = applied(pool.files[name], found)
            if made is not None and _parses(made) and not any(each.original == found.original for each in taken):
                return found
    raise ValueError(f"nothing can be drawn as number {number}")


def applied(source: str, fault: Fault) -> str | None:
    """Return the source with the fault in it, or None where its lines are gone."""
    spans = _owners(ast.parse(source))
    lines = source.splitlines(keepends=True)
    whole = [(fault.owner, 1, len(lines))] if not fault.owner else [each for each in spans if each[0] == fault.owner]
    for _, first, last in whole:
        before, part, after = "".join(lines[: first - 1]), "".join(lines[first - 1 : last]), "".join(lines[last:])
        pieces = part.split(fault.original)
        if len(pieces) > fault.nth + 1:
            left, right = fault.original.join(pieces[: fault.nth + 1]), fault.original.join(pieces[fault.nth + 1 :])
            return f"{before}{left}{fault.mutated}{right}{after}"
    return None


def _owners(tree: ast.Module) -> list[tuple[str, int, int]]:
    """Return functions and classes with their first and last line, innermost first."""
    found = []

    def visit(node: ast.AST, path: str) -> None:
        for child in ast.iter_child_nodes(node):
            inner = path
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                inner = f"{path}.{child.name}".lstrip(".")
                first = min([child.lineno, *(each.lineno for each in child.decorator_list)])
                found.append((inner, first, child.end_lineno))
            visit(child, inner)

    visit(tree, "")
    return sorted(found, key=lambda each: each[2] - each[1])


def _skipped(tree: ast.Module) -> list[tuple[int, int]]:
    """Return the lines of annotations of arguments, of docstrings, errors' wording, imports and `__all__`."""
    found = []
    for node in ast.walk(tree):
        words = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        names = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        if words or names or isinstance(node, ast.Raise | ast.Import | ast.ImportFrom):
            found.append((node.lineno, node.end_lineno))
        elif isinstance(node, ast.AnnAssign):
            found.append((node.annotation.lineno, node.annotation.end_lineno) if node.value is None else (0, 0))
        elif isinstance(node, ast.FunctionDef) and node.body[0].lineno > node.lineno:
            found.append((node.lineno, node.body[0].lineno - 1))
    return found


def _position(node: ast.AST) -> tuple[int, int, int, int] | None:
    if not hasattr(node, "lineno"):
        return None
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _characters(lines: list[str], line: int, offset: int) -> int:
    """Return a place in bytes as one in characters."""
    return len(lines[line - 1].encode()[:offset].decode())


def _same(segment: str, node: ast.AST) -> bool:
    """Whether a node stands where it says: within an f-string it may not."""
    try:
        return ast.dump(ast.parse(f"({segment})", mode="eval").body) == ast.dump(node)
    except SyntaxError:
        return False


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True
