"""What `samverk doctor` asks, each with its fault really there."""
