"""What each exercise is checked with; none of it reaches a sandbox."""
