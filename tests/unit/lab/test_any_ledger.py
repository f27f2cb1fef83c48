"""Whatever a readable ledger holds, every page over ledgers is served."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooflab import tracks
from rooflab.errors import LedgerError
from rooflab.lab.classroom.classroom import classroom
from rooflab.lab.classroom.replay import replay
from rooflab.lab.ledger.ledger import dump, parse
from rooflab.lab.report.compare import comparison
from rooflab.lab.report.report import report
from rooflab.lab.report.report_text import to_json, to_markdown
from rooflab.lab.report.takeaways import met
from rooflab.lab.steps.progress import progress
from tests.unit.lab.fakes import BEST, TEMPTING, school, studied
from tests.unit.lab.likely import like

SERVED = school(track_id="any-school")


@pytest.fixture(scope="module")
def document():
    patch = pytest.MonkeyPatch()
    patch.setattr(tracks, "TRACKS", (*tracks.TRACKS, SERVED))
    yield json.loads(dump(studied(SERVED, attempts=(TEMPTING, BEST))))
    patch.undo()


@given(data=st.data(), edits=st.integers(1, 3))
@settings(max_examples=120)
def test_every_page_is_served(document, data, edits):
    changed = json.loads(json.dumps(document))
    for _ in range(edits):
        entry = changed["entries"][data.draw(st.integers(0, len(changed["entries"]) - 1))]
        inner = [entry, *(entry[name] for name in ("design", "figures") if isinstance(entry.get(name), dict))]
        target = data.draw(st.sampled_from(inner))
        if target:
            name = data.draw(st.sampled_from(sorted(target)))
            target[name] = data.draw(like(target[name]))
    changed["variant"] = data.draw(st.integers(0, 5))
    try:
        ledger = parse(json.dumps(changed))
    except LedgerError:
        return

    made = report(ledger)
    assert to_markdown(made).startswith("# Rooflab")
    assert json.loads(to_json(made, ledger))["lab_id"] == "v2_09"
    assert replay(ledger).entry_count == len(ledger.entries)
    assert len(classroom([("a", dump(ledger))]).learners) == 1
    assert len(met(ledger)) > 20
    assert comparison(ledger) is None
    assert progress(SERVED.id, ledger).path(2)["track"] == SERVED.id
