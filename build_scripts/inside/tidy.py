"""Leave as little as possible behind before the memory image is taken."""

import contextlib
import functools
import gc
import linecache
import re
import sys
import types


def tidy() -> None:
    """Empty caches and collect garbage; what remains is what the lab needs."""
    re.purge()
    linecache.clearcache()
    for thing in gc.get_objects():
        if isinstance(thing, functools._lru_cache_wrapper):
            thing.cache_clear()
        elif isinstance(thing, (type, types.FunctionType)) and getattr(thing, "__doc__", None):
            with contextlib.suppress(TypeError, AttributeError):
                thing.__doc__ = None
    sys._clear_internal_caches()
    sys.path_importer_cache.clear()
    for _ in range(3):
        gc.collect()
    gc.freeze()  # what the image holds lives as long as the lab: a full collection need not walk it, 0.1 s each time


tidy()
