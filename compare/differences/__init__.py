"""Show the catalogue of differences (triptych/differences): `make differences`, and its page."""
