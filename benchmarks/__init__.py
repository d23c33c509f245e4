"""Compare time and memory of each backend's `epoch` with its users' loop; asserts nothing."""
