"""Compare time and memory of each backend with native programs and the limit; asserts nothing."""
