"""A knowledge graph from plain texts, without a language model."""
