"""Which sentences of the evidence answer: what may be quoted, how well each fits, and the words in it that answer."""
