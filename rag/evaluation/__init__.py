"""Measuring: labelled sets, metrics, runs over the product's own flows, comparisons, reports."""
