"""Books, those who read them, and who has which at home."""
