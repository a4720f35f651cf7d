"""What the sentences of a draft rest on: exact spans, what speaks against them, and which of several drafts wins."""
