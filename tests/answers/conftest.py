"""Answers are read as text by test_answers.py, never imported."""

collect_ignore_glob = ["[0-9]*"]
