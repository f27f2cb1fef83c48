"""Bokeh's models with what is the same for all of a class found once.

To make a model, Bokeh asks each of its properties whether its default has to be made anew, and to read one that was not set
it collects the defaults of all parent classes, copies the one in question and validates it: two thirds of the time in which a
screen is built (Bokeh 3.9). What is found here depends on the class alone, which never changes once it is made.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from bokeh.core.has_props import HasProps
from bokeh.core.property.bases import Property
from bokeh.core.property.descriptors import PropertyDescriptor
from bokeh.core.property.singletons import Intrinsic, Undefined

__all__ = ["quicken"]

FIXED = (str, int, float, bool, type(None))
"""Types of defaults that nobody can change, so that all models of a class may share them."""

_themed_default = Property.themed_default


def quicken() -> None:
    """From here on, make models and read their defaults the quick way; doing it twice changes nothing."""
    HasProps.__init__ = _init
    HasProps._overridden_defaults = classmethod(_overridden)
    Property.themed_default = _default


@cache
def _made_anew(cls: type[HasProps]) -> dict[str, PropertyDescriptor]:
    """Return the properties, by name, whose default every model of the class has for itself."""
    return {name: found for name in cls.properties(_with_props=True) if (found := cls.lookup(name)).has_unstable_default(cls)}


def _init(self: HasProps, **properties: Any) -> None:
    super(HasProps, self).__init__()
    self._property_values = {}
    self._unstable_default_values = {}
    self._unstable_themed_values = {}
    for name, value in properties.items():
        if value is not Undefined and value is not Intrinsic:
            setattr(self, name, value)
    for name, descriptor in _made_anew(type(self)).items():
        if name not in properties:
            descriptor._get(self)
    self._initialized = True


@cache
def _overridden(cls: type[HasProps]) -> dict[str, Any]:
    return {name: value for each in reversed(cls.__mro__) for name, value in getattr(each, "__overridden_defaults__", {}).items()}


def _default(self: Property, cls: type[HasProps], name: str, overrides: dict[str, Any] | None, *, no_eval: bool = False) -> Any:
    if overrides is None or name not in overrides:
        declared, fixed = _fixed_default(cls, name)
        if declared is self and fixed is not _NONE:
            return fixed
    return _themed_default(self, cls, name, overrides, no_eval=no_eval)


_NONE = object()


@cache
def _fixed_default(cls: type[HasProps], name: str) -> tuple[Property, Any]:
    """Return a property of a class, and its default where no function makes it and nobody can change it."""
    declared = cls.lookup(name).property
    if callable(_overridden(cls).get(name, declared._default)):
        return declared, _NONE
    found = _themed_default(declared, cls, name, None)
    return declared, found if type(found) in FIXED else _NONE
