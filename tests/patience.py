"""How long a test waits for what must happen: so long that only what hangs takes it.

Tests run beside each other, on machines of any speed, under any load. So a limit in seconds is
never what a test is about; it only ends one that would wait for ever.
"""

PATIENCE = 300.0  # seconds
