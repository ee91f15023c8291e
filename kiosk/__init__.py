"""The house: the rule, the book, the desk and its rooms. Knows nothing of sensors' or centre's wires."""
