"""What the reader learns from: questions beside passages that answer, that only seem to, and that were changed."""
