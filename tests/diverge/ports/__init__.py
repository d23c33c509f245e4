"""Ports with the mistakes of public reports, each as a small adapter, and right ones among them."""
