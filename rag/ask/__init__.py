"""Answering a question: one module a stage, spelled out in `flow`; what stages and flow ask for stands in rooms.

What the words of texts and questions say is in `texts` and `question`, what went before in `conversation`, and what is
in force in `standing`. `quoting` and `tables` find what answers, `conflicts` where documents disagree, `support` what a
draft rests on. `watched` are the models. `docs/architecture.md` shows which may import which.
"""
