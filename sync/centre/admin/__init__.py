"""The admin page: one plain page from the server, for whoever runs the centre. No script, nothing from elsewhere."""
