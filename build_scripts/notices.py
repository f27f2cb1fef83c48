"""Name everything that the site ships: THIRD_PARTY_LICENSES.txt for people, sbom.cdx.json (CycloneDX 1.5) for tools.

What is listed follows from what is there: the Python packages in the library, the scripts in the built site.
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from console import BuildError
from library import PUBLISHED
from paths import DECODER, IMAGE, ROOT, RUNTIME
from pins import BROTLI_DECODER, NUMPY, PURE_WHEELS, PYODIDE, Artifact, NumpyWheel

__all__ = ["CARRIED", "Part", "shipped", "write_notices"]

TEXTS = ROOT / "build_scripts" / "licences"
NOTICES = "THIRD_PARTY_LICENSES.txt"
SBOM = "sbom.cdx.json"

# What each of the page's library scripts has bundled into it. The texts lie in licences/scripts.
# A test compares the names with those in the readable form of the same scripts.
CARRIED = {
    "bokeh": {
        "@bokeh/numbro": "MIT",
        "@preact/signals": "MIT",
        "@preact/signals-core": "MIT",
        "fflate": "MIT",
        "flatbush": "ISC",
        "flatqueue": "ISC",
        "preact": "MIT",
        "proj4": "MIT",
        "sprintf-js": "BSD-3-Clause",
        "timezone": "MIT",
        "tslib": "0BSD",
        "wkt-parser": "MIT",
    },
    "bokeh-widgets": {
        "choices.js": "MIT",
        "deepmerge": "MIT",
        "dompurify": "Apache-2.0",
        "flatpickr": "MIT",
        "fuse.js": "Apache-2.0",
        "marked": "MIT",
        "nouislider": "MIT",
        "redux": "MIT",
    },
    "panel": {
        "@jridgewell/gen-mapping": "MIT",
        "@jridgewell/resolve-uri": "MIT",
        "@jridgewell/set-array": "MIT",
        "@jridgewell/sourcemap-codec": "MIT",
        "@jridgewell/trace-mapping": "MIT",
        "debounce": "MIT",
        "flatpickr": "MIT",
        "gl-matrix": "MIT",
        "htm": "Apache-2.0",
        "json-formatter-js": "MIT",
        "lines-and-columns": "MIT",
        "preact": "MIT",
        "sucrase": "MIT",
        "ts-interface-checker": "Apache-2.0",
    },
}
# What the Brotli decoder is made of. The texts lie in licences/decoder.
CRATES = {
    "alloc-stdlib": "BSD-3-Clause",
    "brotli-decompressor": "BSD-3-Clause AND MIT",
    "console_error_panic_hook": "Apache-2.0",
    "dlmalloc": "Apache-2.0",
    "wasm-bindgen": "Apache-2.0",
}
APACHE = "Its licence is the Apache License 2.0, whose text stands once, at the end of this file."


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One shipped thing: what it is, under which licence (SPDX), and the texts that must go with it."""

    name: str
    version: str
    licence: str
    purl: str
    texts: tuple[str, ...]
    sha256: str = ""
    inside: str = ""
    note: str = ""


def write_notices(folder: Path) -> None:
    """Write both files into a built site; the same bytes from the same pins and the same site."""
    parts = shipped(folder)
    (folder / NOTICES).write_text(_notices(parts), encoding="utf-8")
    (folder / SBOM).write_text(json.dumps(_sbom(parts), indent=1, sort_keys=True) + "\n", encoding="utf-8")


def shipped(folder: Path, pack: Path = IMAGE / "everything.pack") -> list[Part]:
    """List what a built site holds of others' work: the runtime, the Python packages, the page's scripts."""
    return [*_runtime(), *_decoder(), *_packages(pack), *_scripts(folder)]


def _runtime() -> list[Part]:
    wasm = (RUNTIME / "pyodide.asm.wasm").read_bytes()
    python = max(re.findall(rb"\b3\.14\.\d+\b", wasm)).decode()
    zlib = re.search(rb"inflate (\d[\d.]*) Copyright", wasm)[1].decode()
    lock = json.loads((RUNTIME / "pyodide-lock.json").read_text())
    emscripten = lock["info"]["platform"].removeprefix("emscripten_").replace("_", ".")
    pyodide = Part(
        name="Pyodide",
        version=PYODIDE.version,
        licence=PYODIDE.licence,
        purl=f"pkg:npm/pyodide@{PYODIDE.version}",
        sha256=PYODIDE.sha256,
        texts=(_text("mpl-2.0.txt"),),
        note=(
            "Pyodide is shipped as its project published it, its script with white space and long names taken out; the\n"
            f"source form of all of it is at https://github.com/pyodide/pyodide under the tag {PYODIDE.version}. Two things are\n"
            "made from it here and change nothing in it: the runtime's memory after the lab has run once, and the\n"
            "page's worker script, which bundles its loader. The sources of both are in Rooflab's own repository."
        ),
    )
    compiled = [
        ("CPython", python, "Python-2.0.1", ("python.txt", "python-incorporated.txt")),
        ("Emscripten", emscripten, "MIT OR NCSA", ("emscripten.txt",)),
        ("musl", "", "MIT", ("musl.txt",)),
        ("LLVM runtime libraries", "", "Apache-2.0 WITH LLVM-exception", ("llvm.txt",)),
        ("zlib", zlib, "Zlib", ("zlib.txt",)),
        ("bzip2", "", "bzip2-1.0.6", ("bzip2.txt",)),
        ("XZ Utils liblzma", "", "0BSD", ("xz.txt",)),
        ("Zstandard", "", "BSD-3-Clause", ("zstd.txt",)),
        ("SQLite", "", "blessing", ("sqlite.txt",)),
        ("stackframe", "", "MIT", ("stackframe.txt",)),
        ("error-stack-parser", "", "MIT", ("error-stack-parser.txt",)),
    ]
    inner = [
        Part(
            name=name,
            version=version,
            licence=licence,
            purl=_purl("generic", name.lower().replace(" ", "-"), version),
            texts=tuple(_text(f"runtime/{file}") for file in files),
            inside="Pyodide",
        )
        for name, version, licence, files in compiled
    ]
    return [pyodide, *inner]


def _decoder() -> list[Part]:
    """List what unpacks Brotli, with the parts that its program names itself."""
    wasm = (DECODER / "brotli_dec_wasm_bg.wasm").read_bytes()
    whole = Part(
        name=BROTLI_DECODER.name,
        version=BROTLI_DECODER.version,
        licence=BROTLI_DECODER.licence,
        purl=f"pkg:npm/{BROTLI_DECODER.name}@{BROTLI_DECODER.version}",
        sha256=BROTLI_DECODER.sha256,
        texts=((DECODER / "LICENSE-MIT.txt").read_text(encoding="utf-8"),),
        note="Shipped as it was published; it unpacks the runtime in browsers that have no Brotli of their own.",
    )
    versions = dict(re.findall(r"/([a-z][\w-]*?)-(\d+\.\d+\.\d+)/src/", wasm.decode("latin-1")))
    unlisted = versions.keys() - CRATES.keys()
    if unlisted:
        raise BuildError(f"{BROTLI_DECODER.filename} holds {', '.join(sorted(unlisted))}, whose licence notices.py does not name.")
    inner = [
        Part(
            name=name,
            version=versions[name],
            licence=licence,
            purl=_purl("cargo", name, versions[name]),
            texts=(_text(f"decoder/{name}.txt"),),
            inside=BROTLI_DECODER.name,
            note=APACHE if licence == "Apache-2.0" else "",
        )
        for name, licence in CRATES.items()
    ]
    return [whole, *inner]


def _packages(pack: Path) -> list[Part]:
    loaded = _library(pack)
    return [
        Part(
            name=name,
            version=wheel.version,
            licence=wheel.licence,
            purl=_purl("pypi", name.lower().replace("_", "-"), wheel.version),
            sha256=wheel.sha256,
            texts=_wheel_texts(wheel),
        )
        for name, wheel in [("NumPy", NUMPY), *((wheel.name, wheel) for wheel in PURE_WHEELS)]
        if loaded & _top_level(wheel)
    ]


def _scripts(folder: Path) -> list[Part]:
    names = {found[1] for path in (folder / "js").glob("*.js") if (found := re.fullmatch(r"(.+)-[0-9a-f]{10}\.js", path.name))}
    carriers = [name for name in CARRIED if name in names]
    inside = {part: script for script in reversed(carriers) for part in CARRIED[script]}
    return [
        Part(
            name=part,
            version="",
            licence=CARRIED[script][part],
            purl=_purl("npm", part, ""),
            texts=(_text(f"scripts/{part.replace('/', '+')}.txt"),),
            inside=f"the script {script}",
            note=APACHE if CARRIED[script][part] == "Apache-2.0" else "",
        )
        for part, script in sorted(inside.items())
    ]


def _library(pack: Path) -> set[str]:
    with pack.open("rb") as stream:
        index = json.loads(stream.read(int(stream.read(8), 16)))
    marker = "site-packages/"
    names = (name.partition(marker)[2] for name, _ in index if marker in name)
    return {name.split("/")[0].removesuffix(".pyc") for name in names}


def _dist_info(wheel: Artifact | NumpyWheel) -> Path:
    name, version = wheel.filename.split("-")[:2]
    return PUBLISHED / f"{name}-{version}.dist-info"


def _top_level(wheel: Artifact | NumpyWheel) -> set[str]:
    lines = (_dist_info(wheel) / "RECORD").read_text(encoding="utf-8").splitlines()
    return {line.split(",")[0].split("/")[0].removesuffix(".py") for line in lines}


def _wheel_texts(wheel: Artifact | NumpyWheel) -> tuple[str, ...]:
    folder = _dist_info(wheel) / "licenses"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if not files:
        raise BuildError(f"{wheel.filename} holds no licence text, so it cannot be shipped; look for it in the package's repository.")
    texts = [(path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")) for path in files]
    return tuple(text if len(texts) == 1 else f"({name})\n\n{text}" for name, text in texts)


def _text(name: str) -> str:
    return (TEXTS / name).read_text(encoding="utf-8")


def _purl(kind: str, name: str, version: str) -> str:
    return f"pkg:{kind}/{quote(name, safe='/')}" + (f"@{version}" if version else "")


def _notices(parts: list[Part]) -> str:
    rule = "=" * 100
    head = [
        "Rooflab ships the work of others. This file names each part, its licence and its notices.",
        "The licence of Rooflab itself comes first.",
        "",
        *(f"  {_title(part):44} {part.licence}" for part in parts),
    ]
    sections = [("Rooflab", "", (ROOT / "LICENSE").read_text(encoding="utf-8"))]
    sections += [(f"{_title(part)}: {part.licence}", part.note, "\n".join(part.texts)) for part in parts]
    sections += [("Apache License 2.0, for the parts above that name it", "", _text("apache-2.0.txt"))]
    lines = ["\n".join(head)]
    for title, note, text in sections:
        lines.append(f"{rule}\n{title}\n{rule}\n" + (f"\n{note}\n" if note else "") + "\n" + text.replace("\r\n", "\n").strip("\n"))
    return "\n\n".join(lines) + "\n"


def _title(part: Part) -> str:
    return f"{part.name} {part.version}".strip() + (f" (in {part.inside})" if part.inside else "")


def _sbom(parts: list[Part]) -> dict[str, object]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lab = {
        "type": "application",
        "name": project["name"],
        "version": project["version"],
        "bom-ref": project["name"],
        "licenses": [{"license": {"id": project["license"]}}],
    }
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": lab},
        "components": [_component(part) for part in parts],
    }


def _component(part: Part) -> dict[str, object]:
    compound = " " in part.licence
    component = {
        "type": "library",
        "name": part.name,
        "bom-ref": part.purl,
        "purl": part.purl,
        "licenses": [{"expression": part.licence} if compound else {"license": {"id": part.licence}}],
    }
    if part.version:
        component["version"] = part.version
    if part.sha256:
        component["hashes"] = [{"alg": "SHA-256", "content": part.sha256}]
    if part.inside:
        component["properties"] = [{"name": "rooflab:inside", "value": part.inside}]
    return component
