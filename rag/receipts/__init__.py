"""What was answered and why: receipts to read, replay, take along and check, and the answers that went stale."""
