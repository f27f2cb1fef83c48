"""Questions asked of any outcome, whatever kind of system it is of."""
