"""What a board sees: tables and charts, drawn from results alone."""
