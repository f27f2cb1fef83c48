"""Change BokehJS where it makes a browser do the same work again; each change names its reason."""

from __future__ import annotations

from console import BuildError

__all__ = ["amend"]

# Bokeh 3.9.2 writes the style sheet of every painted renderer anew with every paint, mostly with the same text. A
# browser takes each for a change, and works out all styles again for the next word that is drawn.
_SAME_STYLES = ("_update(t){this.el.textContent=t}", "_update(t){this.el.textContent!==t&&(this.el.textContent=t)}")


def amend(texts: dict[str, str]) -> dict[str, str]:
    """Return the scripts as changed.

    Raises:
        BuildError: what is to be changed is not there, as after an update of Bokeh.
    """
    found, changed = _SAME_STYLES
    if sum(text.count(found) for text in texts.values()) != 1:
        raise BuildError("BokehJS does not write its style sheets as build_scripts/amend.py knows it; look whether the change is still needed.")
    return {name: text.replace(found, changed) for name, text in texts.items()}
