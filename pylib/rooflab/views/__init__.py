"""Panel viewers over the workbench: one instrument or panel a file."""
