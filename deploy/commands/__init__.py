"""One file per subcommand. Each has `add_arguments(parser)` and `run(args) -> exit status`, and imports what it starts."""
