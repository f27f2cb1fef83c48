"""The track that the lab's own tests walk."""

import pytest

from rooflab import tracks
from tests.unit.lab.fakes import school


@pytest.fixture
def track(monkeypatch):
    """A whole track of three parts, offered beside the real ones."""
    made = school()
    monkeypatch.setattr(tracks, "TRACKS", (*tracks.TRACKS, made))
    return made


@pytest.fixture
def strict(monkeypatch):
    """The same track with a stakeholder who asks for more than its targets allow."""
    made = school(factor=7.0, track_id="strict-school")
    monkeypatch.setattr(tracks, "TRACKS", (*tracks.TRACKS, made))
    return made
