"""Programs that serve the repository: its site, its slides, its locks, a report on scaling."""
