"""What `samverk badge` does besides asking the desk: lists of cards, and cards that are made."""
