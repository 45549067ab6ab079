"""What browsers and notebooks show: the page in one file, and results as HTML."""
