"""What becomes of a draft: questions, who waits for whom, and answers."""
