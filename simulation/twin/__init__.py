"""What the readable model is made of besides reps: seats, accounts, luck, levers' pushes, recruiting, figures."""
