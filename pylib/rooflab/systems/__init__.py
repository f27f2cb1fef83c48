"""The kinds of systems: for each, what a learner sets, what follows from it, and how it is shown."""
