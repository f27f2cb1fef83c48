"""A language model served on a node of GPUs."""
