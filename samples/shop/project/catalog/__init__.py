"""What the shop has to sell."""
