"""Which definitions of a package its entry points reach, from syntax trees alone."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Package"]

_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_DEFINED = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(slots=True)
class Module:
    """One module: what each of its names stands for, and the statements that run when it is imported."""

    name: str
    definitions: dict[str, list[ast.AST]] = field(default_factory=dict)
    imports: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    body: list[ast.AST] = field(default_factory=list)

    def read(self, tree: ast.Module) -> "Module":
        """Sort the statements of `tree` into definitions, imports and what just runs."""
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                self.imports |= {each.asname or each.name: (node.module or "", each.name) for each in node.names}
            elif isinstance(node, ast.Import):
                for each in node.names:
                    self.imports[each.asname or each.name.split(".")[0]] = (each.name if each.asname else each.name.split(".")[0], None)
        for node in _statements(tree.body):
            names = _defined(node)
            for name in names:
                self.definitions.setdefault(name, []).append(node)
            if not names and not isinstance(node, ast.Import | ast.ImportFrom):
                self.body.append(node)
        self.definitions.pop("__all__", None)
        return self


class Package:
    """The modules below a folder, and what of them has been reached so far.

    A definition is a function, class or name assigned at the level of a module, or a method or property of a class; it is
    named as in `module.name` and `module.Class.member`.
    """

    def __init__(self, folder: Path) -> None:
        self.modules: dict[str, Module] = {}
        for path in sorted(folder.rglob("*.py")):
            name = ".".join((folder.name, *path.relative_to(folder).with_suffix("").parts)).removesuffix(".__init__")
            self.modules[name] = Module(name).read(ast.parse(path.read_text(encoding="utf-8")))
        self._members: dict[str, list[tuple[str, str, ast.AST]]] = {}
        for module in self.modules.values():
            for name, nodes in module.definitions.items():
                for node in nodes:
                    for member in _members(node):
                        self._members.setdefault(member.name, []).append((module.name, name, member))
        self.reached: set[str] = set()
        self._used: set[str] = set()
        self._imported: set[str] = set()
        self._held: set[str] = set()

    @property
    def definitions(self) -> set[str]:
        """Every definition of the package, private ones too; not what Python itself calls, as `__init__`."""
        found = {f"{module.name}.{name}" for module in self.modules.values() for name in module.definitions}
        found |= {f"{module}.{owner}.{name}" for name, places in self._members.items() for module, owner, _ in places}
        return {each for each in found if not each.rpartition(".")[2].startswith("__")}

    @property
    def missing(self) -> set[str]:
        """Every definition that nothing has reached."""
        return self.definitions - self.reached

    @property
    def unreached(self) -> list[str]:
        """Every definition that nothing has reached, in order; the members of a class that is missing are part of it."""
        return sorted(each for each in self.missing if each.rpartition(".")[0] not in self.missing)

    def reach_module(self, name: str) -> None:
        """Reach everything in a module of the package: it is an entry point."""
        self._import(name)
        for each, nodes in self.modules[name].definitions.items():
            self._reach(name, each)
            for node in nodes:
                for member in _members(node):
                    self._use_member(member.name)

    def reach_definition(self, full: str) -> None:
        """Reach one definition: something else than the entry points uses it."""
        owner, _, name = full.rpartition(".")
        if owner in self.modules:
            self._reach(owner, name)
        else:
            module, _, owner = owner.rpartition(".")
            for found, each, node in self._members[name]:
                if (found, each) == (module, owner):
                    self._reach_member(module, owner, node)

    def reach_source(self, source: str) -> None:
        """Reach what a program outside the package uses."""
        module = Module("").read(ast.parse(source))
        for node in (*module.body, *(each for nodes in module.definitions.values() for each in nodes)):
            self._follow(module, node, whole=True)

    def _import(self, name: str) -> None:
        """Run a module's own statements, and those of all that it imports."""
        if name not in self.modules or name in self._imported:
            return
        self._imported.add(name)
        module = self.modules[name]
        for parent in range(name.count(".")):
            self._import(name.rsplit(".", parent + 1)[0])
        for source, imported in module.imports.values():
            self._import(source)
            self._import(f"{source}.{imported}")
        for node in module.body:
            self._follow(module, node)

    def _reach(self, module_name: str, name: str) -> None:
        """Reach `name` of a module: its definition, or what it was imported from."""
        module = self.modules.get(module_name)
        if module is None or f"{module_name}.{name}" in self.reached:
            return
        if name not in module.definitions:
            if name in module.imports:
                self._reach_imported(*module.imports[name])
            return
        self._import(module_name)
        self.reached.add(f"{module_name}.{name}")
        for node in module.definitions[name]:
            self._follow(module, node)
            for member in _members(node):
                if member.name.startswith("__") or _runs_by_itself(member) or member.name in self._used:
                    self._reach_member(module_name, name, member)

    def _reach_imported(self, source: str, name: str | None) -> None:
        full = source if name is None else f"{source}.{name}"
        self._import(full if full in self.modules else source)
        if full in self.modules:
            self._hold(full)
        elif name is not None:
            self._reach(source, name)

    def _hold(self, module: str) -> None:
        """A module is used as a value: what is asked of any object may be asked of it."""
        if module not in self._held:
            self._held.add(module)
            for name in self._used & self.modules[module].definitions.keys():
                self._reach(module, name)

    def _use_member(self, name: str) -> None:
        """Reach the members of this name of every class that is reached: of which class an object is, is not known."""
        if name in self._used:
            return
        self._used.add(name)
        for module, owner, node in self._members.get(name, ()):
            if f"{module}.{owner}" in self.reached:
                self._reach_member(module, owner, node)
        for module in tuple(self._held):
            self._reach(module, name)

    def _reach_member(self, module: str, owner: str, node: ast.AST) -> None:
        full = f"{module}.{owner}.{node.name}"
        if full not in self.reached or node.decorator_list:  # a setter has the name of its property
            known = full in self.reached
            self.reached.add(full)
            if not known:
                for _, _, each in (place for place in self._members[node.name] if place[:2] == (module, owner)):
                    self._follow(self.modules[module], each)

    def _follow(self, module: Module, node: ast.AST, *, whole: bool = False) -> None:
        """Reach every name, attribute and text that is an identifier below `node`, members of a class left out."""
        left_out = set() if whole else {id(each) for each in _members(node)}
        for each in _walk(node, left_out):
            if isinstance(each, ast.Name) and id(each) not in left_out:
                self._name(module, each.id)
            elif isinstance(each, ast.Attribute):
                if self._attribute(module, each):
                    left_out.add(id(each.value))  # the module itself goes nowhere
            elif isinstance(each, ast.Constant) and isinstance(each.value, str) and _DOTTED.fullmatch(each.value):
                for word in each.value.split("."):
                    self._use_member(word)
            elif isinstance(each, ast.ImportFrom):
                for alias in each.names:
                    self._import(each.module or "")
                    self._import(f"{each.module}.{alias.name}")

    def _name(self, module: Module, name: str) -> None:
        if name in module.definitions:
            self._reach(module.name, name)
        elif name in module.imports:
            self._reach_imported(*module.imports[name])

    def _attribute(self, module: Module, node: ast.Attribute) -> bool:
        """Follow an attribute, and return whether it is one of a module that is imported by name."""
        path = _path(node.value)
        if path is not None and path[0] in module.imports:
            source, name = module.imports[path[0]]
            owner = ".".join((*filter(None, (source, name)), *path[1:]))
            if owner in self.modules:
                self._import(owner)
                self._reach(owner, node.attr)
                return True
        self._use_member(node.attr)
        return False


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a module, those below an `if` or `try` too."""
    for node in body:
        if isinstance(node, ast.If | ast.Try | ast.With):
            inner = [getattr(node, name, []) for name in ("body", "orelse", "finalbody")]
            inner += [each.body for each in getattr(node, "handlers", [])]
            for each in inner:
                yield from _statements(each)
            if isinstance(node, ast.If):
                yield ast.Expr(node.test)
        else:
            yield node


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, _DEFINED):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)]


def _members(node: ast.AST) -> list[ast.FunctionDef]:
    if not isinstance(node, ast.ClassDef):
        return []
    return [each for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]


def _runs_by_itself(member: ast.FunctionDef) -> bool:
    """Whether a parameter that changes calls the method: `@param.depends(..., watch=True)`."""
    return any(
        isinstance(each, ast.Call) and any(word.arg == "watch" for word in each.keywords) for each in member.decorator_list
    )


def _walk(node: ast.AST, left_out: set[int]) -> Iterator[ast.AST]:
    """Yield the nodes below `node`, without docstrings and `left_out`."""
    yield node
    for child in ast.iter_child_nodes(node):
        if id(child) in left_out or (isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)):
            continue
        yield from _walk(child, left_out)


def _path(node: ast.AST) -> list[str] | None:
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute) and (path := _path(node.value)):
        return [*path, node.attr]
    return None
