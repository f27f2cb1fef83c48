"""Your machine: what the page measures on the learner's own device, and what follows from it."""
