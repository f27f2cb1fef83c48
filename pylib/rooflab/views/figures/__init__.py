"""Figures as static SVG, for what is read, printed and copied; the bench's own figures move, these do not."""
