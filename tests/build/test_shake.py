"""What is left out of BokehJS is only what nothing shown needs."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "build_scripts"))

import shake  # noqa: E402
from assemble import BOKEH_SCRIPTS  # noqa: E402
from console import BuildError  # noqa: E402
from image import kept_lab  # noqa: E402
from library import STATIC  # noqa: E402
from paths import IMAGE  # noqa: E402
from setup import node  # noqa: E402

LOADER = """(function(){})
([
function _(t,e,n){t(2);t(1).register(t(3))},
function _(t,e,n){n.register=()=>{},n.__exportStar=(all,to)=>Object.assign(to,all)},
function _(t,e,n){n.core=1},
function _(t,e,n,o,r){o();const a=t(1);a.__exportStar(t(4),n),a.__exportStar(t(5),n)},
function _(t,e,n,o,r){o();var i=t(8);r("Line",i.Line),r("Circle",t(6).Circle),r("Square",t(7).Square)},
function _(t,e,n){class P{}n.Plain=P,P.__name__="Plain"},
function _(t,e,n){const a=t(4);class C extends a.Line{}n.Circle=C,C.__name__="Circle"},
function _(t,e,n){class S{}n.Square=S,S.__name__="Square"},
function _(t,e,n){class L{}n.Line=L,L.__name__="Line"}
], 0, {"main":0,"tslib":1,"core":2,"models/index":3,"models/glyphs/index":4,"models/plain":5,"models/circle":6,"models/square":7,"models/line":8}, {});
"""
PLUGIN = """(function(){})
({
"aaaaaaaaaa": function _(t,e,n){t("@bokehjs/core");t("bbbbbbbbbb")},
"bbbbbbbbbb": function _(t,e,n,o,r){o(),r("Big",t("cccccccccc").Big),r("Small",t("dddddddddd").Small)},
"cccccccccc": function _(t,e,n){class B{}n.Big=B,B.__name__="Big",B.__module__="mine"},
"dddddddddd": function _(t,e,n){class S{}n.Small=S,S.__name__="Small",S.__module__="mine"}
}, "aaaaaaaaaa", {"index":"aaaaaaaaaa","models/index":"bbbbbbbbbb","models/big":"cccccccccc","models/small":"dddddddddd"}, {});
"""


def shaken(*shown, first=None):
    return shake.shake({"loader": LOADER, "plugin": PLUGIN}, shown, shown if first is None else first)


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
        shake.shake({"loader": LOADER, "other": "export default 1"}, ["Circle"], ["Circle"])


RUN = """
const cache = {}, modules = {}, registered = [];
let aliases, Bokeh;
function require(name) {
  const key = String(name).replace("@bokehjs/", ""), id = aliases[key] ?? key;
  if (cache[id]) return cache[id];
  if (!modules[id]) throw new Error(`no module ${name}`);
  const exports = cache[id] = {};
  modules[id](require, {}, exports, () => {}, (key, value) => (exports[key] = value));
  return exports;
}
function load(parts, entry, more) {
  aliases = {...aliases, ...more};
  for (const [key, part] of Object.entries(parts)) if (part) modules[key] = part;
  return require(entry);
}
modules.base = (t, e, n) => (n.register_models = (all) => registered.push(...Object.values(all).map((each) => each.__name__).filter(Boolean)));
"""


def run(made):
    """Load all scripts one after the other, and return what they registered, in alphabetical order, and what they say."""
    texts = [made[name].replace("(function(){})\n(", "load(") for name in ("loader", "plugin")]
    texts.append(made[shake.LATER].replace("Bokeh.register_plugin(", "const later = load("))
    program = "\n".join([RUN, *texts, "console.log(JSON.stringify([registered.sort(), later.whole, require('later').whole]));"])
    done = subprocess.run([str(node()), "--input-type=module"], input=program.replace("'use strict';", ""), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_comes_later_is_registered_and_takes_what_came_early_from_where_it_is():
    made = shaken("Circle", "Square", "mine.Small", first=["Line"])

    assert '__name__="Circle"' not in made["loader"] and '__name__="Square"' not in made["loader"]
    assert '__name__="Line"' not in made[shake.LATER]
    # Circle extends Line by way of a collection that came early without Circle and Square.
    assert run(made) == [["Circle", "Small", "Square"], True, True]


def test_nothing_comes_later_where_the_first_document_shows_all():
    assert run(shaken("Circle", "mine.Small")) == [[], True, True]


@pytest.fixture(scope="module")
def real():
    if not (IMAGE / "shown.json").exists():
        pytest.skip("the lab has not been built")
    texts = {name: (STATIC / name).read_text(encoding="utf-8") for name in BOKEH_SCRIPTS}
    lab = kept_lab()
    return texts, shake.shake(texts, lab.shown, lab.shown_first)


def test_no_module_that_is_left_requires_one_that_is_not(real):
    before, after = real
    whole = {name: shake._take_apart(name, text) for name, text in before.items()}
    table = {key: text for script in whole.values() for key, text in script.modules.items()}
    aliases = {path: key for script in whole.values() for path, key in script.aliases.items()}
    early = set().union(*(keys_of(name, text) for name, text in after.items() if name != shake.LATER))
    later = {key.removesuffix("+") for key in re.findall(r'^"([^"]+)": function', after[shake.LATER], re.M)} - {"later"}

    missing = {
        (key, other)
        for left, there in ((early, early), (later, early | later))
        for key in left
        for _, _, other in shake._references(table[key], aliases)
        if other in table and other not in there and shake._collection(table[key], aliases) is None
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
