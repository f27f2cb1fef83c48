"""A file is packed once for each content, and what is kept is what packing gives."""

import gzip

import deflate
import packed
import pytest

CONTENT = b"the same words " * 1000


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    monkeypatch.setattr(packed, "PACKED", tmp_path / "packed")
    return tmp_path / "packed"


def test_what_is_kept_is_what_packing_gives():
    first = packed.packed(CONTENT)

    assert gzip.decompress(first) == CONTENT
    assert first == packed.packed(CONTENT) == deflate.gzip_compress(CONTENT, 12)


def test_a_content_is_packed_once(kept, monkeypatch):
    packed.packed(CONTENT)
    monkeypatch.setattr(packed.deflate, "gzip_compress", lambda *_: pytest.fail("packed again"))

    packed.packed(CONTENT)
    assert len(list(kept.iterdir())) == 1


def test_another_content_is_packed_for_itself():
    packed.packed(CONTENT)

    assert gzip.decompress(packed.packed(CONTENT + b"!")) == CONTENT + b"!"
