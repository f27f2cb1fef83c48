"""Models of Bokeh and views of Panel with what is the same for all of a class found once.

To make a model, Bokeh asks each of its properties whether its default has to be made anew, and to read one that was not set
it collects the defaults of all parent classes, copies the one in question and validates it: two thirds of the time in which a
screen is built (Bokeh 3.9). To list what a model refers to, it reads every property that could. To hand a view's parameters to
a model, Panel lists all of them once for each (Panel 1.9). What is found here depends on the class or the function alone, which
never changes once it is made.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from inspect import CO_ASYNC_GENERATOR, CO_COROUTINE
from typing import Any

import param
from bokeh.core.has_props import HasProps
from bokeh.core.property.bases import Property
from bokeh.core.property.descriptors import PropertyDescriptor
from bokeh.core.property.singletons import Intrinsic, Undefined
from bokeh.model import util
from bokeh.settings import settings
from panel.reactive import Syncable

__all__ = ["quicken"]

FIXED = (str, int, float, bool, type(None))
"""Types of defaults that nobody can change, so that all models of a class may share them."""

_themed_default = Property.themed_default
_get_default = PropertyDescriptor._get_default
_has_unstable_default = PropertyDescriptor.has_unstable_default


def quicken() -> None:
    """From here on, make models and read their defaults the quick way; doing it twice changes nothing."""
    settings.perform_error_diagnostics = False  # similar names, searched for each time Panel asks whether a model has a property
    HasProps.__init__ = _init
    HasProps._overridden_defaults = classmethod(_overridden)
    Property.themed_default = _default
    PropertyDescriptor._get_default = _read
    PropertyDescriptor.has_unstable_default = _is_made_anew
    util.visit_immediate_value_references = _visit
    Syncable._init_params = _params
    param.parameterized.iscoroutinefunction = _waits


def _waits(function: Callable[..., Any]) -> bool:
    """Return whether a watcher has to be awaited, as param asks for each that it calls; inspect takes ten times as long to say."""
    while isinstance(function, partial):
        function = function.func
    code = getattr(function, "__code__", None)
    return code is not None and bool(code.co_flags & (CO_COROUTINE | CO_ASYNC_GENERATOR))


@cache
def _made_anew(cls: type[HasProps]) -> dict[str, PropertyDescriptor]:
    """Return the properties, by name, whose default every model of the class has for itself."""
    return {name: found for name in cls.properties(_with_props=True) if (found := cls.lookup(name)).has_unstable_default(cls)}


def _is_made_anew(self: PropertyDescriptor, owner: HasProps | type[HasProps]) -> bool:
    return _unstable(self, owner if isinstance(owner, type) else type(owner))


@cache
def _unstable(descriptor: PropertyDescriptor, cls: type[HasProps]) -> bool:
    return _has_unstable_default(descriptor, cls)


@cache
def _shared(cls: type[HasProps]) -> dict[str, tuple[Property, Any]]:
    """Return each property and its default, by name, where all models of the class share the default."""
    names = [each for each in cls.properties(_with_props=True) if each not in _made_anew(cls)]
    found = {name: _fixed_default(cls, name) for name in names if isinstance(cls.lookup(name), PropertyDescriptor)}
    return {name: each for name, each in found.items() if each[1] is not _NONE}


def _read(self: PropertyDescriptor, obj: HasProps) -> Any:
    """Return the default of a property that was not set."""
    if THEMED in vars(obj):
        return _get_default(self, obj)
    found = _shared(type(obj)).get(self.name)
    if found is not None and found[0] is self.property:
        return found[1]
    return _get_default(self, obj)


def _visit(value: Any, visitor: Callable[[Any], None]) -> None:
    """Show the visitor each model that a model refers to: one that was set, or the default where that may be a model."""
    if not isinstance(value, HasProps):
        return util.visit_value_and_its_immediate_references(value, visitor)
    shared = () if THEMED in vars(value) else _shared(type(value))
    for name in value.properties_with_refs():
        if name not in shared or name in value._property_values:
            util.visit_value_and_its_immediate_references(getattr(value, name), visitor)


def _params(self: Syncable) -> dict[str, Any]:
    """Return the parameters of a view that go to its model and have a value."""
    synced = set(self._synced_params)
    return {name: value for name in self.param if name in synced and (value := getattr(self, name)) is not None}


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
THEMED = "__themed_values__"
"""The attribute in which Bokeh keeps what a theme says of a model; a model without it has no theme."""


@cache
def _fixed_default(cls: type[HasProps], name: str) -> tuple[Property, Any]:
    """Return a property of a class, and its default where no function makes it and nobody can change it."""
    declared = cls.lookup(name).property
    if callable(_overridden(cls).get(name, declared._default)):
        return declared, _NONE
    found = _themed_default(declared, cls, name, None)
    return declared, found if type(found) in FIXED else _NONE
