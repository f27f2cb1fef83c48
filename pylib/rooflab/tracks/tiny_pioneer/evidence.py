"""What a reading of the earbud says of the diagnosis: it asks for the same constraint as the reflection."""

from rooflab.tracks.evidence.step import step_says as diagnosis_says

__all__ = ["diagnosis_says"]
