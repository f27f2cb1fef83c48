"""What is left out of BokehJS is only what nothing shown needs."""

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "build_scripts"))

import shake  # noqa: E402
from assemble import BOKEH_SCRIPTS  # noqa: E402
from console import BuildError  # noqa: E402
from library import STATIC  # noqa: E402
from paths import IMAGE  # noqa: E402

LOADER = """(function(){})
([
function _(t,e,n){t(2);t(1).register(t(3))},
function _(t,e,n){n.register=()=>{}},
function _(t,e,n){n.core=1},
function _(t,e,n,o,r){o();const a=t(1);a.__exportStar(t(4),n),a.__exportStar(t(5),n)},
function _(t,e,n,o,r){o(),r("Circle",t(6).Circle),r("Square",t(7).Square);var i=t(8);r("Line",i.Line)},
function _(t,e,n){n.Plain=class P{},P.__name__="Plain"},
function _(t,e,n){const a=t(4);n.Circle=class C extends a.Line{},C.__name__="Circle"},
function _(t,e,n){n.Square=class S{},S.__name__="Square"},
function _(t,e,n){n.Line=class L{},L.__name__="Line"}
], 0, {"main":0,"tslib":1,"core":2,"models/index":3,"models/glyphs/index":4,"models/plain":5,"models/circle":6,"models/square":7,"models/line":8}, {});
"""
PLUGIN = """(function(){})
({
"aaaaaaaaaa": function _(t,e,n){t("@bokehjs/core");t("bbbbbbbbbb")},
"bbbbbbbbbb": function _(t,e,n,o,r){o(),r("Big",t("cccccccccc").Big),r("Small",t("dddddddddd").Small)},
"cccccccccc": function _(t,e,n){n.Big=class B{},B.__name__="Big",B.__module__="mine"},
"dddddddddd": function _(t,e,n){n.Small=class S{},S.__name__="Small",S.__module__="mine"}
}, "aaaaaaaaaa", {"index":"aaaaaaaaaa","models/index":"bbbbbbbbbb","models/big":"cccccccccc","models/small":"dddddddddd"}, {});
"""


def shaken(*shown):
    return shake.shake({"loader": LOADER, "plugin": PLUGIN}, shown)


def test_what_is_shown_stays_with_what_it_takes_from_a_collection():
    made = shaken("Circle")["loader"]

    assert '__name__="Circle"' in made
    assert '__name__="Line"' in made  # Circle extends it, by way of the collection
    assert '__name__="Square"' not in made
    assert 'r("Square"' not in made


def test_modules_keep_their_numbers():
    modules = shake._take_apart("loader", LOADER).modules
    lines = shaken("Circle")["loader"].partition("([\n")[2].partition("\n], 0")[0].split(",\n")

    assert lines[7] == "0"  # Square's place
    assert lines[8] == modules["8"]


def test_a_plugin_loses_what_only_its_own_collection_names():
    made = shaken("Circle", "mine.Small")["plugin"]

    assert '"dddddddddd": function' in made
    assert "cccccccccc" not in made.partition("\n}, ")[0]


def test_a_model_that_no_script_defines_is_named():
    with pytest.raises(BuildError, match="Hexagon"):
        shaken("Hexagon")


def test_a_script_in_another_form_is_refused():
    with pytest.raises(BuildError, match="other"):
        shake.shake({"loader": LOADER, "other": "export default 1"}, ["Circle"])


@pytest.fixture(scope="module")
def real():
    if not (IMAGE / "shown.json").exists():
        pytest.skip("the lab has not been built")
    texts = {name: (STATIC / name).read_text(encoding="utf-8") for name in BOKEH_SCRIPTS}
    return texts, shake.shake(texts, json.loads((IMAGE / "shown.json").read_text()))


def test_no_module_that_is_left_requires_one_that_is_not(real):
    before, after = real
    whole = {name: shake._take_apart(name, text) for name, text in before.items()}
    table = {key: text for script in whole.values() for key, text in script.modules.items()}
    aliases = {path: key for script in whole.values() for path, key in script.aliases.items()}
    left = set().union(*(keys_of(name, text) for name, text in after.items()))

    missing = {
        (key, other)
        for key in left
        for _, _, other in shake._references(table[key], aliases)
        if other in table and other not in left and shake._collection(table[key], aliases) is None
    }
    assert missing == set()


def keys_of(name, text):
    start, end = shake._START.search(text), shake._END.search(text)
    if text[start.end() - 2] == "[":
        lines = text[start.end() : end.start()].split(",\n")
        return {str(place) for place, line in enumerate(joined(lines)) if line != "0"}
    return set(shake._take_apart(name, text).modules)


def joined(lines):
    """Put back together what was divided inside a module."""
    made = []
    for line in lines:
        if line == "0" or line.startswith("function _("):
            made.append(line)
        else:
            made[-1] += ",\n" + line
    return made


def test_the_scripts_become_much_smaller(real):
    before, after = real

    assert sum(map(len, after.values())) < 0.5 * sum(map(len, before.values()))
