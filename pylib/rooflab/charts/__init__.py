"""Bokeh figures fed by outcomes, and the look they share."""
