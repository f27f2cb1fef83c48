"""What the build put out: complete, same each time, and pointing nowhere else."""

import base64
import gzip
import hashlib
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import assemble
import colours
import fetch
import image
import offline
import pytest
from paths import DIST_BUNDLE, DIST_SITE, ROOT
from tests.packing import unpacked

from rooflab.charts import palette

README = ROOT / "README.md"
# The address of each screen beside the lab, and the section that shows it.
SECTIONS = {
    address: f"section-{name}"
    for address, name in re.findall(r'\["(#[\w-]+)", \{ name: "([\w-]+)"', (ROOT / "site" / "js" / "extras.js").read_text(encoding="utf-8"))
}


@pytest.fixture(scope="module")
def site():
    if not (DIST_SITE / "index.html").exists():
        pytest.fail("There is no built site; run: python3 build_scripts test")
    return DIST_SITE


@pytest.fixture(scope="module")
def bundle():
    if not DIST_BUNDLE.exists():
        pytest.fail("There is no offline bundle; run: python3 build_scripts test")
    return DIST_BUNDLE


@pytest.fixture(scope="module")
def page(site):
    return (site / "index.html").read_text()


@pytest.fixture(scope="module")
def precached(site):
    text = (site / "sw.js").read_text()
    return json.loads(re.search(r"const BUILD = (\{.*?\});$", text, re.M)[1])


def data_of(page, name):
    return json.loads(re.search(rf'id="{name}">(.*?)</script>', page, re.S)[1])


def addresses(page):
    found = []

    class Links(HTMLParser):
        def handle_starttag(self, tag, attributes):
            found.extend(value for name, value in attributes if name in ("src", "href", "action", "srcset"))

    Links().feed(page)
    return found


def files_of(folder):
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


def test_the_precache_list_is_complete_and_its_hashes_are_right(site, precached):
    listed = {name: as_built for name, as_built, *_ in precached["files"]}
    there = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files_of(site).items() if name != "sw.js"}

    assert listed == there


def test_every_address_of_the_page_is_relative_and_there(site, page):
    found = addresses(page)

    assert len(found) > 15
    for address in found:
        assert not re.match(r"[a-z]+:|/", address), address
        target = address.split("#")[0]
        assert (site / (target or "index.html")).exists(), address
        if address.startswith("#"):
            assert f'id="{SECTIONS.get(address, address[1:])}"' in page, address


def test_style_sheets_and_manifest_point_into_the_site(site):
    for sheet in site.rglob("*.css"):
        for address in re.findall(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", sheet.read_text()):
            address = "".join(address)
            assert address.startswith(("data:", "#")) or (sheet.parent / address).exists(), (sheet, address)
    manifest = json.loads((site / "manifest.webmanifest").read_text())
    for address in [manifest["start_url"], manifest["scope"], *(icon["src"] for icon in manifest["icons"])]:
        assert not re.match(r"[a-z]+:|/", address)
        assert (site / address).exists()


def test_the_embedded_document_asks_for_nothing_outside(page):
    document = json.dumps(data_of(page, "lab-document"))
    imported = set(re.findall(r'"url": "([^"]+)"', document))

    assert not re.search(r"https?://", document)
    assert imported
    for address in imported:
        assert (DIST_SITE / address).exists(), address


def test_the_policy_admits_the_one_script_inside_the_page_and_readme_has_the_same(page):
    inside = re.findall(r"<script>(.*?)</script>", page, re.S)
    digest = base64.b64encode(hashlib.sha256(inside[0].encode()).digest()).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1]
    header = re.search(r"^Content-Security-Policy: (.*)$", README.read_text(), re.M)[1]

    assert len(inside) == 1
    assert f"script-src 'self' 'sha256-{digest}';" in policy
    assert header == policy.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'"), "README.md, Hosts"


def test_the_list_of_files_tells_their_sizes(site, page):
    files = data_of(page, "lab-files")["files"]

    assert {"wasm", "image", "library", "asm"} <= set(files)
    for name, file in files.items():
        content = (site / file["url"]).read_bytes()
        if file["url"].endswith(".bin"):
            ways = {"decoder": gzip.decompress, "decoder_now": bytes}
            whole = ways.get(name, unpacked)(content)
            assert (len(content), len(whole)) == (file["bytes"], file["raw"]), name
        else:
            assert len(content) == file["raw"]


def test_names_of_large_files_carry_their_content(site):
    for path in [*(site / "runtime").iterdir(), *(site / "js").glob("*-*.js"), *(site / "machine").iterdir()]:
        digest = path.name.partition(".")[0].rsplit("-", 1)[1]
        assert hashlib.sha256(path.read_bytes()).hexdigest().startswith(digest), path.name


def test_what_measures_the_machine_is_at_most_20_kb_compressed(site, page):
    files = data_of(page, "lab-files")["machine"]
    sent = {name: len(gzip.compress((site / path).read_bytes(), 9)) for name, path in files.items()}

    assert {"script", "worker", "plain", "relaxed", "kernels"} == set(sent)
    assert sum(sent.values()) <= 20_000, sent


def test_two_assemblies_of_one_image_are_the_same_bytes(site, tmp_path):
    again = files_of(assemble.assemble(image.make_image(fetch.fetch_all()), tmp_path / "site"))
    first = files_of(site)

    assert again.keys() == first.keys()
    assert [name for name in first if first[name].read_bytes() != again[name].read_bytes()] == []


def test_two_bundles_of_one_site_are_the_same_bytes(site, bundle, tmp_path, monkeypatch):
    monkeypatch.setattr(offline, "DIST_BUNDLE", tmp_path / "again.zip")
    offline.bundle(site)

    assert (tmp_path / "again.zip").read_bytes() == bundle.read_bytes()


def test_the_bundle_unpacks_into_one_folder_and_needs_nothing_else(bundle):
    with zipfile.ZipFile(bundle) as archive:
        names = archive.namelist()
        page = archive.read("rooflab/index.html").decode()

    assert {Path(name).parts[0] for name in names} == {"rooflab"}
    assert not [name for name in names if ".." in name or name.startswith("/")]
    assert 'type="module"' not in page
    for address in addresses(page):
        assert not re.match(r"[a-z]+:|/", address), address
        assert f"rooflab/{address.split('#')[0].removeprefix('./') or 'index.html'}" in names, address
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)[1]
    assert re.sub(r" 'sha256-[^']*'", "", policy) == offline.POLICY


def test_the_colours_of_the_table_are_in_all_that_the_site_shows(site, page):
    blocks = re.findall(r":root[^{]*\{([^}]*)\}", (site / "css" / "tokens.css").read_text())
    named = [dict(re.findall(r"--rp-([a-z0-9-]+): (#[0-9a-f]{6});", block)) for block in blocks]
    light, *darks = [each for each in named if each]
    manifest = json.loads((site / "manifest.webmanifest").read_text())

    assert light.items() >= (palette.LIGHT | palette.MARKS).items()
    assert darks == [palette.DARK, palette.DARK]
    assert re.findall(r'name="theme-color" content="(.*?)"', page) == [palette.LIGHT["paper"], palette.DARK["paper"]]
    assert (manifest["background_color"], manifest["theme_color"]) == (palette.LIGHT["paper"], palette.LIGHT["machine"])
    for path in site.rglob("*"):
        assert path.suffix not in colours.COLOURED or "{{" not in path.read_text(), path
