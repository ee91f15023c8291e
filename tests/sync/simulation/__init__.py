"""Whole histories of houses and a centre, drawn from seeds."""
