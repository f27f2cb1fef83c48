"""A slider over a range, and the number beside it on the same parameter."""

import panel as pn

from rooflab.views.tags import PartTags
from rooflab.views.widgets import CountInput, StopSlider

__all__ = ["twin"]


def twin(parameters, control, tags=PartTags()):
    """Make the slider of a control and its number twin."""
    stop = f"{control.id}_stop"
    return pn.Row(
        StopSlider.from_param(
            parameters[stop],
            label=f"{control.label} ({control.unit})" if control.unit else control.label,
            css_classes=["rp-slider"],
            tags=tags.draft("bench", stop),
            sizing_mode="stretch_width",
            margin=0,
        ),
        CountInput.from_param(
            parameters[control.id],
            label=f"{control.label}, exactly",
            description=None,
            css_classes=["rp-exact"],
            tags=tags.draft("bench", control.id),
            width=None,
            sizing_mode="stretch_width",
            margin=0,
        ),
        css_classes=["rp-twin"],
        sizing_mode="stretch_width",
    )
