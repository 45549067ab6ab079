"""What reports say: numbers in words, each traceable to its cell, and the sentences and titles made of them."""
