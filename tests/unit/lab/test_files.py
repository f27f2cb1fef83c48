"""What people hand in is read, passed over, or refused in words that name it."""

import io
import zipfile

import pytest

from rooflab.errors import LedgerUnreadable
from rooflab.lab.ledger.files import FILES_LIMIT, READ_LIMIT_BYTES, Intake, only_ledger, shown_name
from rooflab.lab.ledger.ledger import read
from rooflab.lab.ledger.texts import decode
from tests.inputs import HANDED_IN, INPUTS, another


def taken(name, data):
    intake = Intake()
    intake.take(name, data)
    return intake


def packed(*members, compression=zipfile.ZIP_DEFLATED):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return held.getvalue()


@pytest.mark.parametrize("each", HANDED_IN, ids=lambda each: each.name)
def test_every_kind_of_file_is_read_or_named(each):
    intake = taken(each.name, (INPUTS / each.name).read_bytes())

    refused = [one.reason for one in intake.refused]
    ledgers = 0
    for _, text in intake.ledgers():
        try:
            ledgers += bool(read(text))
        except LedgerUnreadable as error:
            refused.append(str(error))
    assert ledgers == each.ledgers
    assert len(refused) == (0 if each.ledgers else 1)
    assert each.words in "".join(refused)


@pytest.mark.parametrize(
    "name", [".DS_Store", "a/Thumbs.db", "DESKTOP.INI", "~$ledger.json", "b/._ledger.json", "__MACOSX/ledger.json", r"a\Thumbs.db"]
)
def test_what_a_system_leaves_is_passed_over(name):
    intake = taken(name, b"whatever")

    assert intake.passed_over == [name]
    assert not intake.texts and not intake.refused


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_a_text_is_the_same_in_every_encoding(encoding):
    words = '{"claim": "Größe über 5 µs, 日本"}'

    assert decode(words.encode(encoding)) == words


def test_two_files_of_one_name_are_both_kept():
    intake = taken("ledger.json", b"{}")
    intake.take("ledger.json", b"[]")

    assert dict(intake.ledgers()) == {"ledger.json": "{}", "ledger.json (2)": "[]"}


def test_a_name_that_cannot_be_printed_is_shown_all_the_same():
    assert shown_name("m\udcfcller\n\x1b[2J\u202e.json") == "m\N{REPLACEMENT CHARACTER}ller\N{REPLACEMENT CHARACTER}" "\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}.json"


def test_a_large_file_is_named_for_what_it_is():
    assert "is at most 1 MB" in taken("large.json", b"[" + b" " * READ_LIMIT_BYTES).refused[0].reason
    assert "is at most 1 MB" in taken("large.json", b"[" + b" " * 1_000_000).refused[0].reason
    assert "JPEG picture" in taken("large.json", b"\xff\xd8\xff" + b" " * READ_LIMIT_BYTES).refused[0].reason


def test_a_zip_that_unpacks_to_too_much_ends():
    bomb = packed(*((f"{number}.json", b" " * 10_000_000) for number in range(80)))

    intake = taken("bomb.zip", bomb)

    assert not intake.texts
    assert intake.unpacked_bytes < 210_000_000
    assert "At most 5,000 files" in intake.refused[-1].reason


def test_a_zip_of_too_many_files_is_cut_with_the_number_that_is_left():
    intake = taken("many.zip", packed(*((f"{number}.json", "{}") for number in range(FILES_LIMIT + 7)), compression=zipfile.ZIP_STORED))

    assert len(intake.texts) == FILES_LIMIT
    (left,) = intake.refused
    assert left.name == "many.zip (7 files in it)"


def test_names_in_a_zip_that_are_utf_8_without_saying_so_are_read():
    data = packed(("xxxxer.json", "{}")).replace(b"xxxxer", "Müller".encode()[:6])

    assert list(taken("a.zip", data).texts) == ["a.zip/Mülle.json"]


def test_any_byte_of_a_zip_may_be_wrong():
    data = packed(("ada.json", another("ada")), ("inner.zip", packed(("ben.json", another("ben")))))

    for at in range(len(data)):
        intake = taken("a.zip", data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])

        assert intake.file_count >= 1


def test_one_ledger_may_come_in_a_zip_with_other_files():
    text = another("ada")

    assert only_ledger("a.zip", packed(("ada.json", text), ("notes.txt", "none"), (".DS_Store", "x"))) == text
    assert only_ledger("a.json", text.encode("utf-16")) == text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (packed(("a.json", another("a")), ("b.json", another("b"))), "holds 2 ledgers"),
        (packed((".DS_Store", "x")), "holds no ledger"),
        (packed(("a.json", b"\xff\xd8\xff")), "JPEG picture"),
        (b"\xff\xd8\xff", "JPEG picture"),
    ],
)
def test_what_is_not_one_ledger_is_said(data, words):
    with pytest.raises(LedgerUnreadable, match=words):
        only_ledger("a.zip", data)
