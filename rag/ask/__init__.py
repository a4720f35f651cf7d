"""Answering a question: one module a stage, spelled out in `flow`."""
