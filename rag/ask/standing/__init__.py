"""What holds on the day that a question is about: that day, editions of documents, and sections of them."""
