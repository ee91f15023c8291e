"""A simulated day of a house: people and sensors with a truth track, led through the real desk and the real zones."""
