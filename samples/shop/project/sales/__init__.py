"""Who buys, and what becomes of it."""
