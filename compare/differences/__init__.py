"""The catalogue of differences (triptych/differences) as `make differences` and as a page."""
