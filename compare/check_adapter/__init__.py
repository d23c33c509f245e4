"""The laws of tests/conformance, tried on anyone's adapter, and said in plain words."""
