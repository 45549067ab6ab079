"""One chart a file, each drawn on axes it is given."""
