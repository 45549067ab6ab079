"""The slides of the board deck, one file each: `add` puts its slide into a book where there is something to show."""
