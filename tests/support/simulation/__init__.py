"""Houses, a centre, and everything between them, in one thread and in made-up time: a seed is a whole history."""
