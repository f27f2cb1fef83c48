"""The notices name what is shipped, with the texts, and the same bytes every time."""

import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "build_scripts"))

import notices  # noqa: E402
from library import STATIC  # noqa: E402
from paths import IMAGE  # noqa: E402

if not (IMAGE / "everything.pack").exists():
    pytest.skip("the lab has not been built", allow_module_level=True)

READABLE = {
    "bokeh": "bokeh/server/static/js/bokeh.js",
    "bokeh-widgets": "bokeh/server/static/js/bokeh-widgets.js",
    "panel": "panel/dist/panel.js",
}
OWN_FOLDERS = {"client", "core", "document", "embed", "models", "protocol", "styles"}
# Bundled by choices.js before it was published, so no module of the script bears their names.
WITHIN_CHOICES = {"deepmerge", "fuse.js", "redux"}


@pytest.fixture
def site(tmp_path):
    """A site with the library scripts, as far as the notices look at it."""
    (tmp_path / "js").mkdir()
    for name in [*READABLE, "boot"]:
        (tmp_path / "js" / f"{name}-0123456789.js").touch()
    return tmp_path


def packages_in(script):
    """Names of the packages among the modules of a script in readable form."""
    paths = re.findall(r"/\* (\S+) \*/ function _\(", (STATIC / script).read_text(encoding="utf-8"))
    names = {re.match(r"@[^/]+/[^/]+|[^/]+", path)[0] for path in paths if "/" in path}
    return names - OWN_FOLDERS


@pytest.mark.parametrize("script", READABLE)
def test_every_package_in_a_script_is_named(script):
    assert packages_in(READABLE[script]) == notices.CARRIED[script].keys() - WITHIN_CHOICES


def test_every_part_has_its_texts(site):
    parts = notices.shipped(site)

    assert len(parts) > 40
    assert [part.name for part in parts if not part.licence or not all(text.strip() for text in part.texts)] == []


def test_a_package_that_is_not_loaded_is_not_named(site):
    names = {part.name for part in notices.shipped(site)}

    assert {"Pyodide", "CPython", "NumPy", "bokeh", "panel", "param"} <= names
    assert not {"PyYAML", "tqdm"} & names  # stood in for, and so not shipped


def test_a_script_that_is_not_shipped_is_not_named(site):
    (site / "js" / "bokeh-widgets-0123456789.js").unlink()

    assert "choices.js" not in {part.name for part in notices.shipped(site)}


def test_the_notices_say_where_the_source_of_pyodide_is(site):
    notices.write_notices(site)
    text = (site / "THIRD_PARTY_LICENSES.txt").read_text(encoding="utf-8")

    assert "Mozilla Public License Version 2.0" in text
    assert re.search(r"https://github\.com/pyodide/pyodide under the tag 314\.", text)


def test_both_files_are_the_same_every_time(site):
    notices.write_notices(site)
    first = [(site / name).read_bytes() for name in (notices.NOTICES, notices.SBOM)]
    notices.write_notices(site)

    assert first == [(site / name).read_bytes() for name in (notices.NOTICES, notices.SBOM)]


def test_the_bill_of_materials_is_of_its_format(site):
    notices.write_notices(site)
    bill = json.loads((site / notices.SBOM).read_text(encoding="utf-8"))
    references = [component["bom-ref"] for component in bill["components"]]

    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.5")
    assert not bill.keys() & {"serialNumber"} and "timestamp" not in bill["metadata"]
    assert len(set(references)) == len(references)
    assert all(re.fullmatch(r"pkg:(npm|pypi|cargo|generic)/\S+", each["purl"]) for each in bill["components"])


def test_pinned_parts_carry_their_hash(site):
    notices.write_notices(site)
    bill = json.loads((site / notices.SBOM).read_text(encoding="utf-8"))
    hashes = {each["name"]: each["hashes"][0]["content"] for each in bill["components"] if "hashes" in each}

    assert hashes["Pyodide"] == notices.PYODIDE.sha256
    assert hashes["NumPy"] == notices.NUMPY.sha256
