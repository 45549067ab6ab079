"""What is known, as data: parameters, measures and sources."""
