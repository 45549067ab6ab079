"""The left side of the page: study and world, policies, and every lever with its settings."""
