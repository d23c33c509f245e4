"""Record what a model computes, as a flat list of steps that can be run again."""
