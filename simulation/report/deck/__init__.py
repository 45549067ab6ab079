"""The board deck: a presentation that can be edited, made from findings alone."""
