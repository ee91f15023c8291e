"""One file per subcommand: `add_arguments(parser)` and `run(args) -> exit status`. It imports only what it starts."""
