"""What the decks show: a module for each lesson, a function for each figure."""
