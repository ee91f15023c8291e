"""The book: the only user of sqlite-utils. One file, one writer; everyone else reads."""
