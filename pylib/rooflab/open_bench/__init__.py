"""The open bench: any language model on any device, without a task."""
