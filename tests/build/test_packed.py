"""A file is packed once for each content, and what is kept is what packing gives."""

import gzip
import struct
import zlib

import packed
import pytest
from tests.packing import unpacked

CONTENT = b"the same words " * 1000


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    monkeypatch.setattr(packed, "PACKED", tmp_path / "packed")
    return tmp_path / "packed"


@pytest.mark.parametrize("pack", [packed.packed, packed.packed_quickly])
def test_what_is_kept_is_what_packing_gives(pack):
    first = pack(CONTENT)

    assert unpacked(first) == CONTENT
    assert first == pack(CONTENT)


def test_a_packed_file_begins_with_its_lengths_and_its_checksum():
    sent = packed.packed(CONTENT)

    assert struct.unpack("<4s3I", sent[:16]) == (b"RLBR", len(CONTENT), len(sent) - 16, zlib.crc32(sent[16:]))


def test_a_content_is_packed_once(kept, monkeypatch):
    packed.packed(CONTENT)
    monkeypatch.setattr(packed, "_brotli", lambda *_: pytest.fail("packed again"))

    packed.packed(CONTENT)
    assert len(list(kept.iterdir())) == 1


def test_what_was_packed_as_small_as_it_gets_is_taken_by_all(monkeypatch):
    smallest = packed.packed(CONTENT)
    monkeypatch.setattr(packed, "_brotli", lambda *_: pytest.fail("packed again"))

    assert packed.packed_quickly(CONTENT) == packed.packed_soon(CONTENT) == smallest


def test_what_was_not_packed_before_is_gzip_at_once(kept):
    assert gzip.decompress(packed.packed_soon(CONTENT)) == CONTENT
    assert not kept.exists()


def test_another_content_is_packed_for_itself():
    packed.packed(CONTENT)

    assert unpacked(packed.packed(CONTENT + b"!")) == CONTENT + b"!"
