"""Variants at seeds, from what is asked to tasks and their results."""
