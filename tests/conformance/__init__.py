"""The laws of an adapter: properties that every adapter must have, and helpers to test them."""
