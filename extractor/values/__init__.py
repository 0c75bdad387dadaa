"""Words to values: pure functions without spaCy or input and output."""
