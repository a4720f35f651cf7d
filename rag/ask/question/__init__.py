"""What a question says, read off its words: its form and language, its misspellings, and what it asks for."""
