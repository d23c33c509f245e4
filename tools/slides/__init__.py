"""The decks for the morning: written in Markdown, with figures drawn by code, for reveal.js."""
