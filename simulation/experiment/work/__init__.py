"""Who does the tasks on this machine, and how they are handed out."""
