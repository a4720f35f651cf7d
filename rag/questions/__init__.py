"""Judged answers, and the labelled questions that they become."""
