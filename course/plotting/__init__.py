"""What draws: styles, charts, diagrams, and figures of several workers."""
