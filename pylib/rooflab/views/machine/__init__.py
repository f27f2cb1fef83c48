"""What was measured on the learner's machine: charts with a finding, and their tables."""
