"""Whatever a terminal's encoding lacks is written in a readable form; nothing ends in a traceback."""

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rooflab.__main__ import main
from tests.inputs import INPUTS, not_utf_8

PYLIB = Path(__file__).parents[3] / "pylib"
ENCODINGS = ("cp437", "cp850", "cp932", "cp936", "cp949", "cp1251", "cp1252", "ascii", "utf-8")
LEDGER = str(INPUTS / "schema-1-all-parts.json")
COMMANDS = (
    ["roofline", "--tokens", "64"],
    ["evaluate"],
    ["evaluate", "--track", "tiny-pioneer", "--json"],
    ["sweep", "--set", "batch=1,2"],
    ["predict"],
    ["grade"],
    ["replay", LEDGER],
    ["report", LEDGER],
    ["classroom", str(INPUTS)],
    ["answers", "--track", "mobile-nomad"],
    ["--help"],
    ["evaluate", "--help"],
    ["evaluate", "--set", "größe=µ≤\N{HIRAGANA LETTER A}"],
    ["replay", "größe\udcfc.json"],
    ["classroom", "ünknown"],
)


class Terminal:
    """Standard output and error of an encoding, strict as Python makes them for a pipe."""

    def __init__(self, monkeypatch, encoding):
        self.encoding, self.written = encoding, {}
        for name in ("stdout", "stderr"):
            self.written[name] = io.BytesIO()
            monkeypatch.setattr(sys, name, io.TextIOWrapper(self.written[name], encoding=encoding, errors="strict"))

    def said(self, name="stdout"):
        getattr(sys, name).flush()
        return self.written[name].getvalue().decode(self.encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda words: " ".join(words[:2])[:40].encode("ascii", "replace").decode())
def test_every_command_writes_readable_text_in_every_encoding(arguments, encoding, monkeypatch):
    terminal = Terminal(monkeypatch, encoding)

    try:
        main(arguments)
    except SystemExit:
        pass

    said = terminal.said() + terminal.said("stderr")
    assert said.strip()
    assert "Traceback" not in said
    if "--json" not in arguments:  # JSON escapes on its own, and every reader undoes it
        assert "\\x" not in said and "\\u" not in said


def test_a_unit_and_a_sign_are_written_as_they_are_said(monkeypatch):
    terminal = Terminal(monkeypatch, "ascii")

    main(["roofline", "--tokens", "64"])

    assert "27.5 us of arithmetic" in terminal.said()


def test_a_name_that_is_not_utf_8_is_written_in_every_encoding(monkeypatch, tmp_path):
    if sys.platform == "win32":
        pytest.skip("Windows has no such names")
    not_utf_8(tmp_path)
    terminal = Terminal(monkeypatch, "ascii")

    main(["classroom", str(tmp_path)])

    assert "m?ller.json" in terminal.said()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("buffered", [{}, {"PYTHONUNBUFFERED": "1"}], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("arguments", [["roofline"], ["classroom", str(INPUTS)], ["predict"], ["evaluate", "--help"]], ids=" ".join)
def test_output_that_cannot_be_written_is_one_sentence(arguments, buffered):
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"} | buffered
    with open("/dev/full", "w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "rooflab", *arguments], stdout=full, stderr=subprocess.PIPE, text=True, cwd=PYLIB, env=env, check=False
        )

    assert ended.returncode == 2
    assert ended.stderr == f"rooflab: the output cannot be written: {os.strerror(errno.ENOSPC)}.\n"


def test_no_output_at_all_is_one_sentence(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", None)

    assert main(["roofline"]) == 2
    assert capsys.readouterr().err == "rooflab: the output cannot be written: there is no standard output.\n"


@pytest.mark.parametrize("encoding", ["ascii:strict", "cp1251:strict", "utf-8:strict"])
def test_a_pipe_of_another_encoding_is_no_error(encoding):
    ended = subprocess.run(
        [sys.executable, "-m", "rooflab", "roofline"],
        capture_output=True,
        cwd=PYLIB,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        check=False,
    )

    assert ended.returncode == 0
    assert b"of arithmetic" in ended.stdout
    assert ended.stderr == b""
