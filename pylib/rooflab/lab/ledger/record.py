"""The names that neighbouring labs use for what a ledger holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rooflab.lab.ledger.entries import DesignCommitted, Diagnosis, Entry, Pin, Reflection, Reply, TrackEntry, thaw

__all__ = ["export_record"]

CHAPTER_ID = "v2_09"
# What a design calls its batch, its format and its fusion, whatever its kind; the first that it has.
_BATCHES = ("batch", "frames_batched", "hops_batched")
_PRECISIONS = ("precision", "weights")
_FUSIONS = ("fusion", "attention_kernel")


def export_record(entries: Iterable[Entry], track: str | None = None) -> dict[str, object]:
    """Return the state of a track, that last worked on unless one is named, under the neighbouring labs' names.

    What the learner has not done is null or empty, never a default that looks like an answer.
    """
    of_tracks = [entry for entry in entries if isinstance(entry, TrackEntry)]
    if track is None and of_tracks:
        track = of_tracks[-1].track
    own = [entry for entry in of_tracks if entry.track == track]
    design = _last(own, (DesignCommitted, Reply, Pin))
    diagnosis = _last(own, (Diagnosis,))
    reflection = _last(own, (Reflection,))
    current = thaw(design.design) if design else {}
    return {
        "chapter_id": CHAPTER_ID,
        "track": track,
        "track_id": track,
        "model_id": current.get("model_id"),
        "current_design": current,
        "batch_size": _first(current, _BATCHES),
        "precision": _first(current, _PRECISIONS),
        "operator_fusion": _first(current, _FUSIONS),
        "binding_constraint": diagnosis.choice_id if diagnosis else None,
        "evidence": _evidence(own),
        "reflections": [{"task": entry.task, "text": _text(entry)} for entry in own if isinstance(entry, Reflection)],
        "recommendation": (reflection.choice_id or reflection.claim) if reflection else None,
        "rationale": reflection.claim if reflection else None,
        "rejected_alternative": (reflection.rejected_alternative or None) if reflection else None,
        "reevaluation_trigger": (reflection.reevaluation_trigger or None) if reflection else None,
        "residual_risk": reflection.residual_risk if reflection else None,
    }


def _last(entries: list[TrackEntry], kinds: tuple[type[Entry], ...]) -> TrackEntry | None:
    return next((entry for entry in reversed(entries) if isinstance(entry, kinds)), None)


def _first(design: Mapping[str, object], names: tuple[str, ...]) -> object:
    return next((design[name] for name in names if name in design), None)


def _evidence(entries: list[TrackEntry]) -> Mapping[str, object]:
    """Letter the parts, A for the first, each with its last pinned reading."""
    pins = {entry.part: entry for entry in entries if isinstance(entry, Pin)}
    return {
        "ABC"[part - 1]: {
            "instrument": pin.instrument,
            "name": pin.name,
            "value": pin.value,
            "unit": pin.unit,
        }
        for part, pin in sorted(pins.items())
    }


def _text(reflection: Reflection) -> str:
    return "\n".join(filter(None, (reflection.claim, reflection.tradeoff, reflection.residual_risk)))
