"""What a hub is made of."""
