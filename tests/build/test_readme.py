"""The README says what is there: its files, its map, its commands, its worked examples."""

import contextlib
import io
import re
import runpy
import shlex
from pathlib import Path

import pytest

from rooflab.__main__ import _parser, main
from rooflab.cards.reading import read_card
from rooflab.lab import instruments
from rooflab.views import bench as views

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "pylib" / "rooflab"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in README.split("| Unit |")[1].split("\n\n")[0].splitlines()[2:]
]
PACKAGES = "|".join(sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py")))
BLOCKS = re.findall(r"```(\w*)\n(.*?)```", README, re.S)
SESSIONS = "\n\n".join(text.strip() for _, text in BLOCKS if text.startswith("$ rooflab"))
COMMANDS = re.findall(r"`rooflab ([a-z][^`]*)`", README)
STAGES = re.findall(r"python3 build_scripts ([a-z][^`\n]*)", README)


def units(cell):
    return [name.removesuffix("/").removesuffix(".py") for name in re.findall(r"`([^`]+)`", cell)]


ORDER = [units(row[0]) for row in ROWS]


def test_every_unit_of_the_package_stands_in_the_map():
    there = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}

    assert {name for row in ORDER for name in row} == there - {"__init__"}, "README.md, How it is laid out"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_map_says_what_the_layer_test_holds(row):
    allowed = runpy.run_path(str(ROOT / "tests" / "unit" / "test_layers.py"))["MAY_IMPORT"]
    own = units(row[0])
    said = set(units(row[2]))
    if "from" in row[2]:
        first = next(at for at, names in enumerate(ORDER) if units(row[2])[-1] in names)
        said |= {name for names in ORDER[first:] for name in names}
    known = {name for names in ORDER for name in names}

    for unit in own:
        assert (allowed[unit] & known) - set(own) == said - set(own)


@pytest.mark.parametrize("target", sorted({*re.findall(r"\]\(([^)#:]+)\)", README), *re.findall(r"`((?:site|tests|build_scripts|\.github)/[\w./]+)`", README)}))
def test_every_file_that_is_named_exists(target):
    assert (ROOT / target).exists()


@pytest.mark.parametrize("target", sorted(set(re.findall(rf"`((?:{PACKAGES})/[\w./]*)`", README))))
def test_every_file_of_the_package_that_is_named_exists(target):
    assert (PACKAGE / target).exists()


@pytest.mark.parametrize("example", SESSIONS.split("\n\n"), ids=lambda text: text.split()[2])
def test_the_command_prints_what_is_shown(example, capsys):
    command, _, shown = example.partition("\n")

    assert main(shlex.split(command)[2:]) == 0
    assert capsys.readouterr().out.strip() == shown.strip()


def test_every_command_has_an_example_that_is_understood():
    parser = _parser()
    for example in COMMANDS:
        parser.parse_args(shlex.split(example))
    offered = next(each.choices for each in parser._actions if each.choices)

    assert {example.split()[0] for example in COMMANDS} == set(offered)


@pytest.mark.parametrize("example", [each for each in COMMANDS if ".json" not in each and "classroom" not in each])
def test_an_example_without_a_file_runs(example, capsys):
    assert main(shlex.split(example)) == 0
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("example", STAGES)
def test_every_stage_and_its_options_exist(example):
    source = (ROOT / "build_scripts" / "__main__.py").read_text(encoding="utf-8")
    stage, *words = shlex.split(example)

    assert f'add_parser("{stage}"' in source
    if stage == "test":
        return  # the other words are pytest's
    for option in (each for each in words if each.startswith("--")):
        assert f'{stage}.add_argument("{option}"' in source


def test_every_instrument_layer_and_track_file_of_the_guide_is_named():
    guide = README.split("## How to add")[1].split("\n## ")[0]
    for module, name in ((instruments, "INSTRUMENTS"), (views, "VIEWS")):
        assert f"`{name}`" in guide
        assert hasattr(module, name)
    parts = {path.name for path in (PACKAGE / "tracks" / "tiny_pioneer").glob("*.py")}
    assert parts == {name for name in parts if f"`{name}`" in guide}


def test_the_python_example_prints_what_is_shown():
    place = next(at for at, (language, _) in enumerate(BLOCKS) if language == "python")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(BLOCKS[place][1], {})

    assert printed.getvalue().strip() == BLOCKS[place + 1][1].strip()


def test_the_device_card_that_is_shown_is_read():
    card = next(text for language, text in BLOCKS if language == "toml")

    assert read_card(card).id == "my-desk"


def test_the_two_commands_come_first():
    assert BLOCKS[0][1].split("\n")[:2] == ["python3 build_scripts serve", "python3 build_scripts test"]
