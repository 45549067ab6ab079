"""What a page is set to: a study and the changes made to it, and the same for others to take."""
