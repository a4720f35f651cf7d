"""Answers from a team's own documents: the pipeline behind the application and the command line."""
