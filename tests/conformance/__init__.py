"""The laws of an adapter, and what they are judged with."""
