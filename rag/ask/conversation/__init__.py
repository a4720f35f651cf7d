"""What a question takes from the conversation before it: subjects, names, and the documents that were spoken of."""
