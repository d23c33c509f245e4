"""Connect to a program of the teacher by an abstract socket, which is in no folder."""

import socket

from classroom import open_exercises

exercises = open_exercises(1)

speaker = socket.socket(socket.AF_UNIX)
speaker.connect("\0@SOCKET@")
speaker.sendall(b"the marks, please")
