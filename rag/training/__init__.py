"""Fine-tuning of the small models: those that ship, and those of a team's own documents."""
