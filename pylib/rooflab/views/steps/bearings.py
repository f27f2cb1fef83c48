"""What readings say of a claim, in words: which way each points, and what it does show."""

from rooflab.specs import Bearing
from rooflab.views.markup import element

__all__ = ["bearings"]

WORDS = {
    Bearing.SUPPORTS: "Supports",
    Bearing.CONTRADICTS: "Contradicts",
    Bearing.SILENT: "Does not bear on",
}


def bearings(weighed, claim):
    """List readings with which way they point; the words say it, and a mark at the side only repeats them."""
    return element(
        "ul",
        *(
            element("li", element("strong", f"{WORDS[each.bearing]} {claim}."), f" {each.words}", class_=f"rp-{each.bearing.name.lower()}")
            for each in weighed
        ),
        class_="rp-bearings",
    )
