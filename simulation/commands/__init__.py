"""What the command line does: one module a family of commands, thin above studies and reports."""
