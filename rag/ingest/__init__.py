"""Reading files and making them searchable: one module a stage, spelled out in `flow`."""
