"""Running scenarios, and keeping what was run."""
