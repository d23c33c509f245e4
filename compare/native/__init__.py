"""Native programs: each lesson as its framework's users write it, held against the lesson."""
