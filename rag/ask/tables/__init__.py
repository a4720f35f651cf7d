"""Questions answered from tables: the way through their rows, properties, lists, and what no list of its kind names."""
