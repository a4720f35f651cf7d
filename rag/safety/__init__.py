"""What must not be followed, not be shown, and not be asked: planted orders, personal data, questions, the policy."""
