"""Whole sets of examples, to learn from and to measure with: those that are published, and a team's own."""
