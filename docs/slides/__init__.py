"""The decks of the morning's theory: written in markdown, drawn by our code, shown by reveal.js."""
