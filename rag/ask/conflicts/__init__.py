"""Where documents disagree on what a question asks; `settle` finds it, and says which of them holds."""
