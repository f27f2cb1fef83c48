"""A vehicle's safety loop: cameras, a detector, a decision."""
