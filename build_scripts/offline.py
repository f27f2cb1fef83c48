"""Make the double-click bundle: dist/rooflab-offline.zip, whose index.html works from file:// with no network.

A page on file:// may load classic scripts and nothing else, so every file of the start is a script that hands over
its bytes in base64; the worker is a data: address made by the page.
"""

from __future__ import annotations

import base64
import json
import re
import zipfile
from pathlib import Path

import deflate
from assemble import MACHINE, PICTURES, bundle_script, data_element
from paths import BUILD, DIST_BUNDLE, SITE

__all__ = ["POLICY", "bundle"]

# As tight as browsers accept for a page on disk: nothing may be requested but files, data: and blob:.
POLICY = (
    "default-src 'none'; script-src file: data: 'wasm-unsafe-eval'; style-src file: 'unsafe-inline'; "
    "img-src file: data: blob:; font-src file: data:; connect-src data: blob:; worker-src data:; "
    "base-uri 'none'; form-action 'none'"
)

WAYS = """
        <li>Unpack the whole zip into a new folder, and open its index.html in Chrome, Edge or Firefox.</li>
        <li>Phones, tablets and some other browsers open no pages from disk: use the lab's web address there, which whoever gave you the zip knows.</li>
        <li>If that does not help, see whether a virus scanner has removed a file.</li>
      """

README = """Rooflab, the offline copy

Open index.html by double-click in Chrome, Edge or Firefox. No network is needed and nothing is sent anywhere.
Unpack the whole folder first; the page needs the files beside it.

Your ledger is kept by the browser for this folder. Export it from the menu before you move or delete the folder.
"""


def bundle(site: Path) -> Path:
    """Write the zip from a built site and return its path; the same bytes from the same site."""
    page = (site / "index.html").read_text()
    manifest = json.loads(re.search(r'id="lab-files">(.*?)</script>', page, re.S)[1])
    members = {"rooflab/README.txt": README.encode()}
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.is_file() and not name.startswith(("runtime/", "machine/", "index.html", "sw.js", "manifest.webmanifest")):
            members[f"rooflab/{name}"] = _of_disk(path.read_text()).encode() if path.suffix == ".html" else path.read_bytes()
    scripts = []
    for name, file in manifest["files"].items():
        content = (site / file["url"]).read_bytes()
        if file["url"].endswith(".js"):
            content = deflate.gzip_compress(content, 12)
        scripts.append(f"runtime/{name}.js")
        members[f"rooflab/runtime/{name}.js"] = _handing_over(name, content)
    worker = (site / manifest["worker"]).read_bytes()
    scripts.append("runtime/worker.js")
    members["rooflab/runtime/worker.js"] = _handing_over("worker", worker)
    boot = bundle_script(SITE / "js" / "boot.js", BUILD / "offline", form="iife")
    members["rooflab/js/boot.js"] = boot.read_bytes()
    pictures = bundle_script(PICTURES, BUILD / "offline", form="iife", as_global="labPictures")
    members[f"rooflab/{manifest['pictures']}"] = pictures.read_bytes()
    members[f"rooflab/{manifest['machine']['script']}"] = _machine(site, manifest["machine"])
    members["rooflab/index.html"] = _page(page, manifest, scripts).encode()
    _write_zip(members)
    return DIST_BUNDLE


def _machine(site: Path, files: dict[str, str]) -> bytes:
    """Return one script with all that measures the learner's machine."""
    script = bundle_script(MACHINE, BUILD / "offline", form="iife", as_global="labMachine").read_bytes()
    content = {f"machine-{name}": (site / path).read_bytes() for name, path in files.items() if name != "script"}
    return b"".join(_handing_over(name, each) for name, each in content.items()) + script


def _handing_over(name: str, content: bytes) -> bytes:
    return f'(self.labFiles??={{}})[{json.dumps(name)}]="{base64.b64encode(content).decode()}";\n'.encode()


def _of_disk(page: str) -> str:
    """Let a page without scripts find its styles and pictures on disk, where 'self' means nothing."""
    return re.sub(r'(http-equiv="Content-Security-Policy" content="[^"]*")', lambda m: m[1].replace("'self'", "file:"), page)


def _page(page: str, manifest: dict[str, object], scripts: list[str]) -> str:
    guard = re.search(r"'sha256-[^']*'", page)[0]
    policy = POLICY.replace("'wasm-unsafe-eval'", f"'wasm-unsafe-eval' {guard}")
    page = re.sub(r'(http-equiv="Content-Security-Policy" content=)"[^"]*"', lambda m: f'{m[1]}"{policy}"', page)
    page = re.sub(r'<link rel="(?:manifest|modulepreload|preload)"[^>]*>\n?', "", page)
    page = re.sub(r'<script type="module" src="js/boot-[^"]*"></script>\n?', "", page)
    page = re.sub(r'<script type="application/json" id="lab-files">.*?</script>\n', "", page, flags=re.S)
    page = re.sub(r' data-(?:worker|inflate)="[^"]*"', "", page)
    page = re.sub(r'(<ul id="failed-ways">).*?(</ul>)', lambda m: m[1] + WAYS + m[2], page, flags=re.S)
    loading = "".join(f'<script defer src="{name}"></script>\n' for name in scripts)
    data = data_element("lab-files", json.dumps({**manifest, "inline": True}, sort_keys=True))
    page = page.replace("</head>", f'<script defer src="js/boot.js"></script>\n{loading}</head>')
    return page.replace("</body>", data + "</body>")


def _write_zip(members: dict[str, bytes]) -> None:
    DIST_BUNDLE.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(DIST_BUNDLE, "w") as archive:
        for name in sorted(members):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, members[name], compresslevel=6)
