"""Measurements of speed, run by ``make bench``: ratios in one run, kept in docs/performance.md."""
