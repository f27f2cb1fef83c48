"""The lazy form of a package's `__init__` gives the same names, later."""

import ast
import importlib
import sys

import pytest

sys.path.append(str(__import__("paths").ROOT / "build_scripts" / "inside"))

from lazy import exports, make_lazy  # noqa: E402

SHOP = {
    "__init__": '''"""A shop."""
from __future__ import annotations
import os
from . import tools
from .bread import Loaf, Roll as SmallLoaf
from .bread import slices
from .sweets import *
from .counter import counter
BAKED = [Loaf]
__all__ = ["Loaf", "SmallLoaf", "tools"]
''',
    "tools": "KNIFE = 'sharp'",
    "bread": "class Loaf: pass\nclass Roll: pass\nslices = 12",
    "sweets/__init__": "from . import cake\n__all__ = ('Toffee', *cake.__all__)\nclass Toffee: pass\nfrom .cake import *",
    "sweets/cake": "__all__ = ('Tart',)\nclass Tart: pass",
    "counter": "counter = 'a re-export of the name of its own module'",
}


@pytest.fixture
def shop(tmp_path, monkeypatch):
    folder = tmp_path / "shop"
    folder.mkdir()
    for name, source in SHOP.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / f"{name}.py").write_text(source)

    def source(module):
        place = tmp_path / module.replace(".", "/")
        return (place / "__init__.py" if place.is_dir() else place.with_suffix(".py")).read_bytes()

    lazy = make_lazy(ast.parse(SHOP["__init__"]), "shop", source)
    (folder / "__init__.py").write_text(ast.unparse(lazy))
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield importlib.import_module("shop")
    for name in [each for each in sys.modules if each == "shop" or each.startswith("shop.")]:
        del sys.modules[name]


def loaded():
    return {name.removeprefix("shop.") for name in sys.modules if name.startswith("shop.")}


def test_only_what_the_body_uses_is_imported(shop):
    assert loaded() == {"bread"}
    assert shop.BAKED == [shop.Loaf]


def test_a_name_is_imported_when_it_is_asked_for(shop):
    assert shop.tools.KNIFE == "sharp"
    assert loaded() == {"bread", "tools"}


def test_a_renamed_import_is_found_under_its_new_name(shop):
    assert shop.SmallLoaf.__name__ == "Roll"
    assert not hasattr(shop, "Roll")


def test_a_star_import_gives_every_public_name(shop):
    assert shop.Toffee.__module__ == "shop.sweets"
    assert shop.Tart.__module__ == "shop.sweets.cake"


def test_from_import_works(shop):
    from shop import Toffee, slices

    assert (Toffee.__name__, slices) == ("Toffee", 12)


def test_a_re_export_goes_before_the_submodule_of_its_name(shop):
    importlib.import_module("shop.counter")

    assert shop.counter == "a re-export of the name of its own module"


def test_an_unknown_name_is_an_attribute_error(shop):
    with pytest.raises(AttributeError, match="module 'shop' has no attribute 'cheese'"):
        shop.cheese


def test_a_name_is_looked_up_once(shop):
    first = shop.Toffee

    assert shop.__dict__["Toffee"] is first


def test_a_star_import_of_a_module_without_all_is_refused():
    with pytest.raises(ValueError, match="no __all__"):
        exports("shop.bread", lambda module: SHOP["bread"].encode())
