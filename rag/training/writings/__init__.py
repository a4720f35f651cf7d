"""What the writer learns from: answers in whole sentences, aligned with the passage that they were made of."""
