"""The report on what the house is used for: drawn from released months only, so that it can tell nothing else."""
