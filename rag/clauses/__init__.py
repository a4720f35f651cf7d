"""What a sentence says, clause by clause, and what other sentences say against it."""
