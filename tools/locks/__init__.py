"""What writes and reads the locks in locks/: resolve them, list what is locked, look up flaws."""
