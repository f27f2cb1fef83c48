"""How far a learner is, what may be done next, and the entries that each step makes."""
