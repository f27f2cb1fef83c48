"""What is changed in BokehJS is there to be changed, and nothing else is touched."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "build_scripts"))

import amend  # noqa: E402
from assemble import BOKEH_SCRIPTS  # noqa: E402
from console import BuildError  # noqa: E402
from library import STATIC  # noqa: E402


def test_a_style_sheet_is_written_only_where_it_differs():
    published = {name: (STATIC / name).read_text(encoding="utf-8") for name in BOKEH_SCRIPTS}

    changed = amend.amend(published)

    assert [name for name in published if changed[name] != published[name]] == [BOKEH_SCRIPTS[0]]
    assert changed[BOKEH_SCRIPTS[0]].count("_update(t){this.el.textContent!==t&&(this.el.textContent=t)}") == 1


def test_a_bokeh_that_is_written_otherwise_is_no_silent_pass():
    with pytest.raises(BuildError, match="look whether the change is still needed"):
        amend.amend({"bokeh.min.js": "_update(e){this.el.textContent=e}"})
