"""Put the site together: dist/site, the same bytes from the same inputs."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import escape
from pathlib import Path

from amend import amend
from colours import colour_site
from console import BuildError
from image import PROGRAM, Lab, module_file
from landing import LANDING, landing
from library import STATIC
from machine_files import machine_files
from notices import write_notices
from packed import gzipped, packed_quickly
from pages import write_pages
from paths import DECODER, DIST_SITE, ROOT, RUNTIME, SITE
from pins import PURE_WHEELS
from setup import esbuild
from shake import LATER, shake
from split_wasm import split

__all__ = ["MACHINE", "METER", "PICTURES", "assemble", "bundle_script", "data_element"]

WORKER = SITE / "js" / "worker" / "worker.js"
PICTURES = SITE / "js" / "pictures" / "pictures.js"
MACHINE = SITE / "js" / "machine" / "machine.js"
METER = SITE / "js" / "machine" / "meter.js"
BOKEH_SCRIPTS = (
    "bokeh/server/static/js/bokeh.min.js",
    "bokeh/server/static/js/bokeh-widgets.min.js",
    "panel/dist/panel.min.js",
)
STYLES = ("loading.css", "listpanel.css", "button.css", "markdown.css", "widgetbox.css", "select.css")


def assemble(lab: Lab, site: Path = DIST_SITE, *, worker: Path = WORKER, pack: Callable[[bytes], bytes] = packed_quickly) -> Path:
    """Write the site and return it; `worker` is the script of Python's thread, `pack` packs a file of the runtime."""
    shutil.rmtree(site, ignore_errors=True)
    shutil.copytree(SITE, site, ignore=shutil.ignore_patterns("js", LANDING))
    manifest = {
        "files": _runtime_files(lab, site, pack),
        "libraries": lab.libraries,
        "env": lab.facts["env"],
        "run": lab.facts["run"],
    }
    scripts = _scripts(site, worker, manifest, lab)
    manifest |= {"worker": scripts["worker"], "drawing": scripts[LATER], "pictures": scripts["pictures"], "machine": _machine(site)}
    _panel_styles(site)
    _page(site, lab, manifest, scripts)
    write_notices(site)
    write_pages(site)
    colour_site(site)
    _service_worker(site)
    return site


def _runtime_files(lab: Lab, site: Path, pack: Callable[[bytes], bytes]) -> dict[str, dict[str, object]]:
    sources = {"library": lab.pack, **({"image": lab.image} if lab.image else {})}
    contents = {name: source.read_bytes() for name, source in sources.items()}
    for name in (PROGRAM, *lab.library_files):
        contents[name], contents[f"{name}_rest"] = split(module_file(name).read_bytes(), lab.called(name))
    folder = site / "runtime"
    folder.mkdir()
    largest_first = sorted(contents, key=lambda name: -len(contents[name]))
    with ThreadPoolExecutor(2) as side_by_side:
        sent = dict(zip(largest_first, side_by_side.map(pack, map(contents.get, largest_first)), strict=True))
    # What unpacks the others, and the same for who cannot wait: only streams are inflated by the browser.
    contents["decoder"] = contents["decoder_now"] = (DECODER / "brotli_dec_wasm_bg.wasm").read_bytes()
    sent |= {"decoder": gzipped(contents["decoder"]), "decoder_now": contents["decoder_now"]}
    files = {}
    for name, content in contents.items():
        url = f"runtime/{name}-{_digest(sent[name])}.bin"  # an ending for which no host unpacks or packs anything
        (site / url).write_bytes(sent[name])
        files[name] = {"url": url, "bytes": len(sent[name]), "raw": len(content)}
    asm = _esbuild(RUNTIME / "pyodide.asm.mjs", "--minify")
    url = f"runtime/asm-{_digest(asm)}.js"
    (site / url).write_bytes(asm)
    files["asm"] = {"url": url, "bytes": len(gzip.compress(asm, 9)), "raw": len(asm)}
    return files


def _scripts(site: Path, worker_script: Path, manifest: dict[str, object], lab: Lab) -> dict[str, str]:
    folder = site / "js"
    folder.mkdir()
    shutil.copy2(SITE / "js" / "early.js", folder / "early.js")
    (folder / "guard.js").write_bytes(_esbuild(SITE / "js" / "guard.js", "--minify", target="es5"))
    decoder = json.dumps(manifest["files"]["decoder"])
    inflate = bundle_script(SITE / "js" / "worker" / "inflate.js", folder, built=decoder)
    built = json.dumps({"manifest": manifest}, sort_keys=True)
    worker = bundle_script(worker_script, folder, built=built)
    boot = bundle_script(SITE / "js" / "boot.js", folder)
    pictures = bundle_script(PICTURES, folder)
    bundled = {"worker": worker, "inflate": inflate, "boot": boot, "pictures": pictures}
    made = {name: f"js/{path.name}" for name, path in bundled.items()}
    published = {name: (STATIC / name).read_text(encoding="utf-8") for name in BOKEH_SCRIPTS}
    for name, text in amend(shake(published, lab.shown, lab.shown_first)).items():
        content = text.encode()
        target = f"js/{Path(name).name.removesuffix('.js').removesuffix('.min')}-{_digest(content)}.js"
        (site / target).write_bytes(content)
        made[name] = target
    return made


def _machine(site: Path) -> dict[str, str]:
    """Put in what measures the learner's machine, and return where each file of it lies."""
    made = {name: f"js/{bundle_script(entry, site / 'js').name}" for name, entry in (("script", MACHINE), ("worker", METER))}
    (site / "machine").mkdir()
    for name, content in machine_files().items():
        stem, ending = name.split(".")
        made[stem] = f"machine/{stem}-{_digest(content)}.{ending}"
        (site / made[stem]).write_bytes(content)
    return made


def bundle_script(
    entry: Path, folder: Path, form: str = "esm", built: str = "", pyodide: Path = RUNTIME / "pyodide.mjs", *, as_global: str = ""
) -> Path:
    """Bundle one entry script with all it imports, named by its content, and return where it lies."""
    made = _esbuild(
        entry, "--bundle", f"--format={form}", "--minify", f"--alias:pyodide={pyodide}",
        f"--alias:brotli-dec-wasm={DECODER / 'brotli_dec_wasm.js'}", "--external:node:*", "--external:ws",
        *([f"--define:BUILT={built}"] if built else []), *([f"--global-name={as_global}"] if as_global else []),
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{entry.stem}-{_digest(made)}.js"
    target.write_bytes(made)
    return target


def _esbuild(entry: Path, *options: str, target: str = "es2022") -> bytes:
    run = subprocess.run(
        [str(esbuild()), str(entry), *options, f"--target={target}", "--legal-comments=none", "--log-level=error"],
        capture_output=True, check=False, cwd=ROOT,
    )  # fmt: skip
    if run.returncode:
        raise BuildError(f"{entry.name} could not be bundled:\n{run.stderr.decode().strip()}")
    return run.stdout


def _panel_styles(site: Path) -> None:
    """Copy Panel's style sheets that the components name, and the pictures these name in turn."""
    version = next(wheel.version for wheel in PURE_WHEELS if wheel.name == "panel")
    source, target = STATIC / "panel" / "dist", site / "panel" / version / "dist"
    for name in STYLES:
        sheet = source / "css" / name
        if not sheet.exists():
            continue
        pictures = re.findall(r"url\([\'\"]?(\.\./[^\'\")]+)", sheet.read_text())
        for file in [f"css/{name}", *(picture.removeprefix("../") for picture in pictures)]:
            (target / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / file, target / file)


def _page(site: Path, lab: Lab, manifest: dict[str, object], scripts: dict[str, str]) -> None:
    page = site / "index.html"
    text = page.read_text()
    head = [f'<script defer src="{scripts[name]}"></script>' for name in BOKEH_SCRIPTS]
    text = text.replace('<script type="module" src="js/boot.js"></script>', f'<script type="module" src="{scripts["boot"]}"></script>')
    text = text.replace("<!-- build:head -->\n", "")
    text = _with_guard_inside(text, (site / "js" / "guard.js").read_text().strip())
    inflate = f' data-inflate="{scripts["inflate"]}"' if lab.image else ""
    text = text.replace('src="js/early.js"', f'src="js/early.js" data-worker="{scripts["worker"]}"{inflate}')
    # The list of files comes last: guard.js tells by it that the page is whole.
    data = data_element("lab-document", lab.document.read_text()) + data_element("lab-files", json.dumps(manifest, sort_keys=True))
    text = text.replace("</head>", "\n".join(head) + "\n</head>").replace("</body>", data + "</body>")
    text = text.replace("<!-- build:briefing -->", _briefing(lab.words)).replace("<!-- build:landing -->", landing())
    page.write_text(text)


def _with_guard_inside(page: str, guard: str) -> str:
    """Put the guard into the page, where a host that sends scripts wrongly cannot stop it; the page's policy admits it by its hash."""
    digest = base64.b64encode(hashlib.sha256(guard.encode()).digest()).decode()
    page = page.replace("script-src 'self';", f"script-src 'self' 'sha256-{digest}';")
    return page.replace('<script src="js/guard.js"></script>', f"<script>{guard}</script>")


def _briefing(words: dict[str, object]) -> str:
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in words["briefing"])
    facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(text)}</dd></div>" for name, text in words["facts"].items())
    return f'<div><p class="north-star">{escape(words["north_star"])}</p>{paragraphs}</div><dl class="facts">{facts}</dl>'


def data_element(name: str, content: str) -> str:
    """Embed JSON as inert data; `<` is escaped so that no content can end the element."""
    return f'<script type="application/json" id="{name}">' + content.replace("<", "\\u003c") + "</script>\n"


def _service_worker(site: Path) -> None:
    target = site / "sw.js"
    listed = [
        [path.relative_to(site).as_posix(), *(hashlib.sha256(content).hexdigest() for content in _as_sent(path))]
        for path in sorted(site.rglob("*"))
        if path.is_file() and path != target
    ]
    version = hashlib.sha256(json.dumps(listed).encode()).hexdigest()[:12]
    text = target.read_text()
    build = json.dumps({"version": version, "files": listed})
    target.write_text(re.sub(r"/\* build:precache \*/.*?/\* build:end \*/", lambda _: build, text))


def _as_sent(path: Path) -> list[bytes]:
    """Return what a browser may receive: gzip comes as it is, or unpacked by a host that looks into it or by a proxy."""
    content = path.read_bytes()
    return [content, gzip.decompress(content)] if content.startswith(b"\x1f\x8b") else [content]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:10]
