"""Leave out of BokehJS and Panel's script what no document of the lab ever shows, and put apart what the first does not.

Each script is a table of modules, `id: function _(require, module, exports, ...) {...}`, one to a line. Modules that
only collect others (`models/glyphs/index` and the like) are cut down to what is needed; everything else that is
still reached from what the lab shows stays as it is. What the first document does not need goes into a script of its own,
a plugin that the page loads once that document is painted.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from console import BuildError

__all__ = ["LATER", "shake"]

LATER = "bokeh-later.js"
"""The name of the script with what the first document does not need."""

_START = re.compile(r"\n(?:\(\[|\(\{)\n")
_END = re.compile(r"\n[\]}], (\d+|\"[0-9a-f]+\"), (\{.*?\}), \{\}\);", re.S)
_MODULE = re.compile(r",\n(?=function _\(|\d+: function _\(|\"[0-9a-f]{10}\": function _\()")
_KEY = re.compile(r'(?:(\d+)|"([0-9a-f]{10})"): ')
_FIRST_NAME = re.compile(r"function _\((\w+)[,)]")
_DEFINED = re.compile(r'\b\w+\.__name__="(\w+)"(?:,\w+\.__module__="([\w.]+)")?')
_CUT_FROM = "models/"


@dataclass(slots=True)
class Script:
    """A script taken apart: what stands before and after its modules, and the modules by their key."""

    head: str
    tail: str
    listed: bool
    modules: dict[str, str]
    aliases: dict[str, str]
    entry: str


@dataclass(slots=True)
class Collection:
    """A module that only hands on what others export: pieces of its text, each with the module it is from."""

    opening: str
    pieces: list[tuple[str, str]] = field(default_factory=list)
    closing: str = "}"


def shake(texts: dict[str, str], shown: Iterable[str], first: Iterable[str]) -> dict[str, str]:
    """Return the scripts with only the modules that the first document needs, and one more, `LATER`, with what all others need.

    Args:
        texts: the scripts in the order in which they are loaded, the first one with the loader.
        shown: qualified names of the models of all documents, such as `Div` or `panel.models.layout.Column`.
        first: those of the first document, which are among them.

    Raises:
        BuildError: a script is not in the form that this knows, or a shown model is defined nowhere.
    """
    scripts = {name: _take_apart(name, text) for name, text in texts.items()}
    table = {key: text for script in scripts.values() for key, text in script.modules.items()}
    aliases = {path: key for script in scripts.values() for path, key in script.aliases.items()}
    defining = _defining(table)
    if unknown := sorted(set(shown) - defining.keys()):
        raise BuildError(f"No script defines the models {', '.join(unknown)}, which the lab shows.")
    paths = {key: path for script in scripts.values() for path, key in script.aliases.items()}
    collections = {
        key: made
        for key, text in table.items()
        if _may_be_cut(paths.get(key, "")) and (made := _collection(text, aliases)) is not None
    }

    def needed(models: Iterable[str]) -> set[str]:
        return _needed(table, aliases, collections, scripts, set().union(*(defining[name] for name in models)))

    early, all_needed = needed(first), needed(shown)
    for script in scripts.values():
        for key in list(script.modules):
            if key in collections and key in early:
                script.modules[key] = _cut(collections[key], early)
    made = {name: _put_together(script, early) for name, script in scripts.items()}
    return made | {LATER: _plugin(table, aliases, collections, early, all_needed, defining)}


def _may_be_cut(path: str) -> bool:
    return path.startswith(_CUT_FROM) and path.endswith("/index") or path == "models/index"


def _take_apart(name: str, text: str) -> Script:
    start, end = _START.search(text), _END.search(text)
    if not start or not end:
        raise BuildError(f"{name} is not made as Bokeh's scripts were; the build cannot leave anything out of it.")
    listed = text[start.end() - 2] == "["
    parts = _MODULE.split(text[start.end() : end.start()].rstrip().removesuffix(","))
    modules = {}
    for place, part in enumerate(parts):
        key = _KEY.match(part)
        modules[(key[1] or key[2]) if key else str(place)] = part[key.end() :] if key else part
    aliases = {path: str(key) for path, key in json.loads(end[2]).items()}
    return Script(
        head=text[: start.end()], tail=text[end.start() :], listed=listed, modules=modules, aliases=aliases, entry=end[1].strip('"')
    )


def _defining(table: dict[str, str]) -> dict[str, set[str]]:
    """Find which modules define each model, by the name that Python has for it; two may share one."""
    found = defaultdict(set)
    for key, text in table.items():
        for name, module in _DEFINED.findall(text):
            found[f"{module}.{name}" if module else name].add(key)
    return found


def _references(text: str, aliases: dict[str, str]) -> list[tuple[int, int, str]]:
    """List where a module requires others: start, end, key of the other."""
    require = _FIRST_NAME.search(text)[1]
    calls = re.finditer(rf'(?<![\w.$]){re.escape(require)}\((?:(\d+)|"([^"]+)")\)', text)
    return [(call.start(), call.end(), call[1] or _resolve(call[2], aliases)) for call in calls]


def _resolve(name: str, aliases: dict[str, str]) -> str:
    path = name.removeprefix("@bokehjs/")
    return aliases.get(path) or aliases.get(f"{path}/index") or name


_HANDS_ON = re.compile(
    r"""(?P<setting>(?:var|const)\ \w+=REQ\((?P<set>\w+|"[^"]+")\))   # var a=t(5)
      | (?P<star>(?:\w+|REQ\(1\))\.__exportStar\(REQ\((?P<all>\w+|"[^"]+")\),\w+\)) # e.__exportStar(t(5),r)
      | (?P<one>\w+\("\w+",REQ\((?P<from>\w+|"[^"]+")\)\.\w+\))        # r("Name",t(5).Name)
      | (?P<named>\w+\("\w+",(?P<of>\w+)\.\w+\))                       # r("Name",a.Name)
      | (?P<void>(?:\w+\.\w+=)+void\ 0)                               # r.Name=r.Other=void 0
      | (?P<call>\w+\(\))                                              # o()
    """,
    re.X,
)


def _collection(text: str, aliases: dict[str, str]) -> Collection | None:
    """Read a module as a collection; None where it does anything else."""
    opening, _, rest = text.partition("{")
    body = rest[: rest.rindex("}")]
    require = _FIRST_NAME.search(text)[1]
    pattern = re.compile(_HANDS_ON.pattern.replace("REQ", re.escape(require)), re.X)
    made, names, at = Collection(opening + "{"), {}, 0
    while at < len(body):
        found = pattern.match(body, at)
        if not found:
            return None
        source = found["set"] or found["all"] or found["from"]
        if source:
            source = source if source.isdigit() else _resolve(source.strip('"'), aliases)
        if found["setting"]:
            names[found["setting"].split("=")[0].split()[1]] = source
        elif found["named"]:
            source = names.get(found["of"])
            if source is None:
                return None
        made.pieces.append((found[0], source or ""))
        at = found.end()
        if at < len(body) and body[at] in ",;":
            at += 1
    return made


def _needed(
    table: dict[str, str],
    aliases: dict[str, str],
    collections: dict[str, Collection],
    scripts: dict[str, Script],
    roots: set[str],
) -> set[str]:
    """Follow what is required from the roots; a collection is followed only to what something else names."""
    helper = aliases["tslib"]
    waiting = [*roots, *(script.entry for script in scripts.values()), helper]
    needed: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key in needed or key not in table:
            continue
        needed.add(key)
        if key in collections:
            # Nested collections come along empty; what they hold decides for itself.
            waiting += [source for _, source in collections[key].pieces if source in collections]
            continue
        text = table[key]
        for start, end, other in _references(text, aliases):
            waiting.append(other)
            if other in collections:
                waiting += _named_in(text, start, end, other, table, collections)
    return needed


def _named_in(
    text: str, start: int, end: int, key: str, table: dict[str, str], collections: dict[str, Collection]
) -> list[str]:
    """Find the modules behind the names that a module takes from a collection: `t(5).Name`, or `x=t(5)` and `x.Name`."""
    direct = re.match(r"\.(\w+)", text[end:])
    if direct:
        names = {direct[1]}
    else:
        bound = re.search(r"(\w+)=(?:\w+\.__importStar\()?$", text[:start])
        names = set(re.findall(rf"(?<![\w.$]){bound[1]}\.(\w+)", text)) if bound else set()
    return [source for name in names if (source := _exporter(name, key, table, collections))]


def _exporter(name: str, key: str, table: dict[str, str], collections: dict[str, Collection]) -> str | None:
    """Find the module that a collection has a name from."""
    for piece, source in collections[key].pieces:
        if re.match(rf'\w+\("{name}",', piece):
            return source
        if "__exportStar" in piece:
            found = _exporter(name, source, table, collections) if source in collections else None
            if found or re.search(rf'(?<!\w)(?:\w+\.{name}=|\w+\("{name}",)', table.get(source, "")):
                return found or source
    return None


def _cut(collection: Collection, needed: set[str]) -> str:
    kept = [piece for piece, source in collection.pieces if not source or source in needed]
    return collection.opening + ";".join(kept) + collection.closing


def _put_together(script: Script, needed: set[str]) -> str:
    if script.listed:
        # The loader's own modules are numbered by their place: a hole stands where one is left out.
        last = max(int(key) for key in script.modules if key in needed)
        body = ",\n".join(script.modules[str(at)] if str(at) in needed else "0" for at in range(last + 1))
    else:
        body = ",\n".join(
            f"{key if key.isdigit() and len(key) < 10 else json.dumps(key)}: {text}" for key, text in script.modules.items() if key in needed
        )
    return script.head + body + script.tail


_PLUGIN_ENTRY = """function _(require,module,exports){{const {{register_models}}=require("base");
{collections}.forEach(require);
for(const [key,names] of {models})register_models(Object.values(require(key)).filter((each)=>names.includes(each?.__name__)));exports.whole=true}}"""


def _plugin(
    table: dict[str, str],
    aliases: dict[str, str],
    collections: dict[str, Collection],
    early: set[str],
    needed: set[str],
    defining: dict[str, set[str]],
) -> str:
    """Return the script with the modules that are needed and not early; it registers its models and says that all is whole.

    A collection that came early hands on what came early. Modules of this script take from another, with all that is needed.
    """
    later = needed - early
    again = {key: f"{key}+" for key in early if key in collections}
    texts = {
        again.get(key, key): _cut(collections[key], needed) if key in collections else table[key]
        for key in table
        if key in later or key in again
    }
    modules = {key: _renamed(text, again, aliases) for key, text in texts.items()}
    # In the order of the scripts, collections first: so Bokeh loads them, and some modules require each other.
    collected = [again.get(key, key) for key in table if key in collections and key in needed]
    # A module may hand on what another defines: it registers its own models alone.
    names = {key: [] for key in table if key in later}
    for name in sorted(defining):
        for key in defining[name] & later:
            names[key].append(name.rpartition(".")[2])
    models = [[key, own] for key, own in names.items() if own]
    modules["later"] = _PLUGIN_ENTRY.format(collections=json.dumps(collected), models=json.dumps(models))
    body = ",\n".join(f"{json.dumps(key)}: {text}" for key, text in modules.items())
    return f"'use strict';\n// Parts of BokehJS and of Panel; their licences are in THIRD_PARTY_LICENSES.txt.\nBokeh.register_plugin({{\n{body}\n}}, \"later\");\n"


def _renamed(text: str, names: dict[str, str], aliases: dict[str, str]) -> str:
    """Let a module require others under their new names."""
    for start, end, other in reversed(_references(text, aliases)):
        if other in names:
            call = text[start:end].partition("(")[0]
            text = f"{text[:start]}{call}({json.dumps(names[other])}){text[end:]}"
    return text
