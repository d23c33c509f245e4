"""Connect to an address outside."""

import socket

from classroom import open_exercises

exercises = open_exercises(1)

socket.create_connection(("127.0.0.1", int("@PORT@")), timeout=5).sendall(b"the marks, please")
