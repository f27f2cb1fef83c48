"""What a reading of the service says of the diagnosis, whose choices differ in what binds after the repair."""

from rooflab.specs import Testimony
from rooflab.tracks.evidence.exhibit import Exhibit, testimony
from rooflab.tracks.evidence.step import RULES, binding, step_says

__all__ = ["diagnosis_says"]


def diagnosis_says(exhibit: Exhibit) -> Testimony:
    """Return what a reading says: one of the repaired step decides, one of the step as it runs now does not."""
    design = exhibit.design
    if design.attention_kernel != "fused" or design.replace(attention_kernel=exhibit.start.attention_kernel) != exhibit.start:
        said = step_says(exhibit).words if design == exhibit.start else f"{exhibit.said} was read in another design."
        return testimony(f"{said} The choices differ in what binds after the repair: read it with attention repaired and nothing else changed.")
    rule = RULES.get(exhibit.instrument)
    if rule is None:
        return testimony(f"{exhibit.said} was read after the repair, but does not say what the step waits for.")
    return rule(exhibit, binding(exhibit.outcome))
