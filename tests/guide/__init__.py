"""The teacher's guide keeps its promises."""
