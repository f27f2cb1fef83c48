"""Small faults of the kinds that an engineer makes, found in a module's syntax tree.

Each kind is a function that yields what a node could become by mistake: pairs of a node and the source put in its place.
"""

import ast
from collections.abc import Iterator

from rooflab.units import __all__ as FORMATS

__all__ = ["KINDS", "Siblings"]

Change = Iterator[tuple[ast.AST, str]]
UNITS = ("s", "bytes", "flop", "w", "j", "c", "hz", "fraction", "count", "v", "v2", "per_s", "byte")
OTHER_FORMAT = {"format_time": "format_number", "format_bytes": "format_count", "format_fraction": "format_ratio", "format_ratio": "format_fraction"}
OTHER_FUNCTION = {
    "min": "max", "max": "min", "median": "mean", "mean": "median", "minimum": "maximum", "maximum": "minimum",
    "argmin": "argmax", "argmax": "argmin", "cumsum": "array", "floor": "ceil", "ceil": "floor", "any": "all", "all": "any",
}
OTHER_COMPARISON = {ast.Lt: ">", ast.Gt: "<", ast.LtE: ">=", ast.GtE: "<=", ast.Eq: "!=", ast.NotEq: "=="}
SCALES = {100, 1000, 1e3, 1e6, 1e9, 1e-3, 1e-6, 1e-9}


class Siblings:
    """Which fields stand beside which in one record, with the same annotation and unit."""

    def __init__(self, trees: list[ast.Module]) -> None:
        self.of: dict[str, set[str]] = {}
        self.defaults: dict[str, set[str]] = {}
        for tree in trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef):
                    self._add(node)
                    self._default(node.name, [(each.target.id, each.value) for each in node.body if isinstance(each, ast.AnnAssign)])
                elif isinstance(node, ast.FunctionDef):
                    named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
                    late = zip(reversed(node.args.args), reversed(node.args.defaults), strict=False)
                    self._default(node.name, [(each.arg, value) for each, value in (*named, *late)])

    def _add(self, node: ast.ClassDef) -> None:
        groups: dict[tuple[str, str], set[str]] = {}
        for each in node.body:
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
                name, annotation = each.target.id, ast.unparse(each.annotation)
            elif isinstance(each, ast.FunctionDef) and each.returns and any(ast.unparse(one) == "property" for one in each.decorator_list):
                name, annotation = each.name, ast.unparse(each.returns)
            else:
                continue
            unit = next((unit for unit in UNITS if name.endswith(f"_{unit}")), "")
            groups.setdefault((annotation, unit), set()).add(name)
        for names in groups.values():
            for name in names:
                beside = names - {name}
                self.of[name] = self.of.get(name, beside) & beside  # in every record that has such a field

    def _default(self, owner: str, pairs: list) -> None:
        self.defaults.setdefault(owner, set()).update(name for name, value in pairs if value is not None)


def another_place(tree: ast.Module, siblings: Siblings) -> Change:
    """A figure in another's place: an attribute of the same record."""
    called = {id(each.func) for each in ast.walk(tree) if isinstance(each, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and id(node) not in called:
            for other in sorted(siblings.of.get(node.attr, ())):
                yield node, f"{ast.unparse(node.value)}.{other}"


def columns(tree: ast.Module, siblings: Siblings) -> Change:
    """Axes, glyphs, columns: two neighbours in a call, a tuple or a table of fields are exchanged."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _exchanged(node, node.args)
            yield from _exchanged(node, [each.value for each in node.keywords])
        elif isinstance(node, ast.Tuple | ast.List) and isinstance(node.ctx, ast.Load):
            yield from _exchanged(node, node.elts)
        elif isinstance(node, ast.Dict):
            yield from _exchanged(node, node.values)


def texts(tree: ast.Module, siblings: Siblings) -> Change:
    """Two texts swapped: those of a choice, or neighbours."""
    for node in ast.walk(tree):
        if isinstance(node, ast.IfExp) and _is_text(node.body) and _is_text(node.orelse):
            yield node, f"{ast.unparse(node.orelse)} if {ast.unparse(node.test)} else {ast.unparse(node.body)}"
        elif isinstance(node, ast.Dict):
            yield from _exchanged(node, [each for each in node.values if _is_text(each)])
        elif isinstance(node, ast.Call):
            yield from _exchanged(node, [each.value for each in node.keywords if _is_text(each.value)])


def redrawn(tree: ast.Module, siblings: Siblings) -> Change:
    """Nothing redrawn: a name that a method depends on is dropped."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "param.depends":
            for place in range(len(node.args)):
                left = [each for each in (*node.args, *node.keywords) if each is not node.args[place]]
                yield node, f"param.depends({', '.join(ast.unparse(each) for each in left)})"


def scale(tree: ast.Module, siblings: Siblings) -> Change:
    """A wrong unit or scale: another format, another power of ten, a share of one more."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OTHER_FORMAT and node.func.id in FORMATS:
            yield node.func, OTHER_FORMAT[node.func.id]
            if node.func.id == "format_fraction":
                yield node.args[0], f"1 + {ast.unparse(node.args[0])}"
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
            for each in (node.left, node.right):
                if isinstance(each, ast.Constant) and each.value in SCALES:
                    yield each, repr(each.value * 10)
        elif isinstance(node, ast.Constant) and node.value in ("s", "W", "J", "B", "B/s", "FLOP/s"):
            yield node, repr({"s": "J", "W": "J", "J": "W", "B": "B/s", "B/s": "B", "FLOP/s": "FLOP"}[node.value])


def figure(tree: ast.Module, siblings: Siblings) -> Change:
    """A limit or a datasheet figure changed by some percent."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword | ast.Dict | ast.Assign | ast.BinOp):
            values = node.values if isinstance(node, ast.Dict) else [node.left] if isinstance(node, ast.BinOp) else [node.value]
            for each in values:
                if isinstance(each, ast.Constant) and type(each.value) in (int, float) and abs(each.value) not in (0, 1, 2, 100):
                    changed = each.value * 1.06
                    yield each, repr(max(round(changed), each.value + 1) if isinstance(each.value, int) else float(f"{changed:.4g}"))


def statistic(tree: ast.Module, siblings: Siblings) -> Change:
    """A statistic changed: mean and median, least and most, first and last, the sign of a difference."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
            if name in OTHER_FUNCTION:
                yield node.func, ast.unparse(node.func).removesuffix(name) + OTHER_FUNCTION[name]
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and ast.unparse(node.slice) in ("0", "-1"):
            yield node.slice, "-1" if ast.unparse(node.slice) == "0" else "0"
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and not isinstance(node.right, ast.Constant):
            yield node, f"({ast.unparse(node.right)}) - ({ast.unparse(node.left)})"


def dropped(tree: ast.Module, siblings: Siblings) -> Change:
    """A term or a factor dropped."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult) and not _has_text(node):
            for each in (node.left, node.right):
                yield node, f"({ast.unparse(each)})"
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.Sub | ast.Pow) and not _has_text(node):
            yield node, f"({ast.unparse(node.left)})"


def option(tree: ast.Module, siblings: Siblings) -> Change:
    """An option ignored: what has a default is not passed on."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            for word in node.keywords:
                if word.arg in siblings.defaults.get(name, ()):
                    left = [each for each in (*node.args, *node.keywords) if each is not word]
                    yield node, f"{ast.unparse(node.func)}({', '.join(ast.unparse(each) for each in left)})"


def order(tree: ast.Module, siblings: Siblings) -> Change:
    """The order reversed, or not made."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("sorted", "reversed"):
            yield node, f"list({ast.unparse(node.args[0])})"
            yield node, f"list({ast.unparse(node)})[::-1]"
        elif isinstance(node, ast.keyword) and node.arg == "reverse":
            yield node.value, "False" if ast.unparse(node.value) == "True" else "True"


def comparison(tree: ast.Module, siblings: Siblings) -> Change:
    """A comparison or a condition turned round."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in OTHER_COMPARISON:
            yield node, f"{ast.unparse(node.left)} {OTHER_COMPARISON[type(node.ops[0])]} {ast.unparse(node.comparators[0])}"
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield node, f"({ast.unparse(node.operand)})"
        elif isinstance(node, ast.BoolOp):
            joint = " or " if isinstance(node.op, ast.And) else " and "
            yield node, joint.join(f"({ast.unparse(each)})" for each in node.values)


def off_by_one(tree: ast.Module, siblings: Siblings) -> Change:
    """One too many or too few."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub) and ast.unparse(node.right) == "1":
            yield node, f"({ast.unparse(node.left)})"
        elif isinstance(node, ast.Slice) and isinstance(node.lower, ast.Constant) and node.upper is None and node.lower.value:
            yield node.lower, str(node.lower.value - 1)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "range" and len(node.args) == 1:
            yield node.args[0], f"{ast.unparse(node.args[0])} - 1"


KINDS = {
    "another place": another_place,
    "columns": columns,
    "texts": texts,
    "redrawn": redrawn,
    "scale": scale,
    "figure": figure,
    "statistic": statistic,
    "dropped": dropped,
    "option": option,
    "order": order,
    "comparison": comparison,
    "off by one": off_by_one,
}


def _exchanged(node: ast.AST, parts: list[ast.expr]) -> Change:
    """Yield `node` with two neighbours of `parts` exchanged, both of a sort: texts, or values that are computed."""
    for one, other in zip(parts, parts[1:], strict=False):
        same = _is_text(one) == _is_text(other) and isinstance(one, ast.Constant) == isinstance(other, ast.Constant)
        same = same and (" " in ast.unparse(one)) == (" " in ast.unparse(other))
        if same and ast.unparse(one) != ast.unparse(other) and not isinstance(one, ast.Starred) and not isinstance(other, ast.Starred):
            yield node, ast.unparse(_Exchange(one, other).visit(_copied(node)))


def _copied(node: ast.AST) -> ast.AST:
    """Return a copy of one level of `node`; what is below stays the same."""
    fields = {name: list(value) if isinstance(value, list) else value for name, value in ast.iter_fields(node)}
    fields["keywords"] = [ast.keyword(arg=each.arg, value=each.value) for each in fields.get("keywords", ())]
    return type(node)(**{name: value for name, value in fields.items() if name in node._fields})


class _Exchange(ast.NodeTransformer):
    def __init__(self, one: ast.AST, other: ast.AST) -> None:
        self.pairs = {id(one): other, id(other): one}

    def visit(self, node: ast.AST) -> ast.AST:
        if id(node) in self.pairs:
            return self.pairs[id(node)]
        if isinstance(node, ast.Tuple | ast.List):
            node.elts = [self.pairs.get(id(each), each) for each in node.elts]
        elif isinstance(node, ast.Dict):
            node.values = [self.pairs.get(id(each), each) for each in node.values]
        elif isinstance(node, ast.Call):
            node.args = [self.pairs.get(id(each), each) for each in node.args]
            for each in node.keywords:
                each.value = self.pairs.get(id(each.value), each.value)
        return node


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _has_text(node: ast.AST) -> bool:
    return any(_is_text(each) or isinstance(each, ast.Tuple | ast.List) for each in ast.walk(node))
