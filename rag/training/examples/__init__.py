"""What examples are made of: questions with passages, the published sets that hold them, and changes of sentences."""
