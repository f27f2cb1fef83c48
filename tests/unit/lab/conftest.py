"""The track that the lab's own tests walk."""

import pytest

from ridgepoint import tracks
from tests.unit.lab.fakes import school


@pytest.fixture
def track(monkeypatch):
    """A whole track of three parts, offered beside the real ones."""
    made = school()
    monkeypatch.setattr(tracks, "TRACKS", (*tracks.TRACKS, made))
    return made
