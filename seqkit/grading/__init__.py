"""Check a learner's answers, in the notebook and for a class, without trusting their code."""
