"""What a learner fills in and is told, one step a file."""
