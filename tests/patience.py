"""How long a test waits for anything: nearly as long as pytest lets it run, so that what was waited for is named.

No test depends on how fast the machine is; times belong to the benchmark.
"""

DEFAULT_S = 300.0
SHARE = 0.9

limit_s = DEFAULT_S * SHARE


def follow(timeout_s):
    """Wait for a share of pytest's own limit; 0 is no limit."""
    global limit_s
    limit_s = SHARE * (timeout_s or 1e6)


def limit_ms():
    """Return the limit in milliseconds."""
    return limit_s * 1000
