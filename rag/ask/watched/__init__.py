"""The models as a question sees them: within a known time, checked, and with what is done instead of one that fails."""
