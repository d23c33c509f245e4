"""Hostile submissions: each function is the program of one; `sandboxed.program` makes it a file."""

# ruff: noqa: F841 - a hostile program holds on to what it takes


def abstract_socket():
    """Connect to a program of the teacher by an abstract socket, which is in no folder."""
    import socket

    speaker = socket.socket(socket.AF_UNIX)
    speaker.connect("\0@SOCKET@")
    speaker.sendall(b"the marks, please")


def deletes_a_file():
    """Delete a file outside its folder by its absolute path, then overwrite it."""
    from pathlib import Path

    try:
        Path("@CANARY@").unlink()
    finally:
        Path("@CANARY@").write_text("gone")


def empty_files():
    """Make endlessly many empty files, which take no disk space but kernel memory."""
    import tempfile
    from contextlib import suppress
    from itertools import count
    from pathlib import Path

    for number in count():
        for folder in (Path.cwd(), tempfile.gettempdir()):
            with suppress(OSError):
                Path(folder, f"@TOKEN@-{number}").touch()


def endless_loop():
    """Loop for ever."""
    while True:
        pass


def exits():
    """Print success and exit."""
    import sys

    sys.exit(0)


def exits_at_once():
    """Exit at once without output."""
    import os

    os._exit(0)


def file_in_no_folder():
    """Write into a file that is in no folder, and so on no disk of bounded size."""
    import os

    file = os.memfd_create("@TOKEN@")
    for _ in range(16):
        os.write(file, bytes(2**24))


def fills_the_disk():
    """Write until the disk is full, in every writable folder."""
    import tempfile
    from contextlib import suppress
    from pathlib import Path

    BLOCK = b"\1" * 2**24
    for folder in (Path.cwd(), tempfile.gettempdir(), "/dev/shm", "/dev", "/var/tmp", "/"):
        with suppress(OSError):
            for number in range(10_000):
                Path(folder, f"@TOKEN@-{number}").write_bytes(BLOCK)
    raise SystemExit("no room left")


def forges_marks():
    """Send forged replies with full points before any request."""
    import json
    import os
    from contextlib import suppress

    for descriptor in range(3, 32):
        with suppress(OSError):
            for number in range(1, 200):
                reply = {"id": number, "value": True, "points": 100, "out_of": 100, "passed": True}
                os.write(descriptor, json.dumps(reply).encode() + b"\n")


def fork_bomb():
    """Start processes that start processes."""
    import os
    from contextlib import suppress

    while True:
        with suppress(OSError):
            os.fork()


def huge_memory():
    """Take all memory."""
    import numpy as np

    memory = []
    while True:
        memory.append(np.ones(2**22))  # 32 MB, and each page of it is touched


def huge_memory_of_many():
    """Take all memory, a little in each of many processes."""
    import os
    import time

    import numpy as np

    for _ in range(60):
        if os.fork() == 0:
            memory = np.ones(2**24)  # 128 MB
            time.sleep(3600)
    time.sleep(3600)


def kills_its_parent():
    """Kill every process, the grader first."""
    import os
    import signal
    from contextlib import suppress

    for process in (os.getppid(), int("@GRADER@"), 1, -1):
        with suppress(OSError):
            os.kill(process, signal.SIGKILL)
    raise SystemExit("still here")


def large_pipes():
    """Fill pipes of the largest size, which are never read."""
    import fcntl
    import os

    for _ in range(20):
        _, end = os.pipe()
        fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, 2**20)
        os.set_blocking(end, False)
        os.write(end, bytes(2**20))


def leaves_a_daemon():
    """Leave a daemon behind, with another session and another parent."""
    import os

    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for descriptor in range(3):
                os.close(descriptor)
            os.execv("/usr/bin/sleep", ["@TOKEN@", "3600"])
        os._exit(0)


def listens():
    """Listen on the loopback."""
    import socket

    server = socket.create_server(("127.0.0.1", 0))
    server.accept()


def locks_without_end():
    """Lock every second byte of a file: the kernel stores each lock."""
    import fcntl
    from pathlib import Path

    with Path("locked").open("w") as file:
        for place in range(2000, 0, -2):
            fcntl.lockf(file, fcntl.LOCK_EX, 1, place)


def many_pipes():
    """Fill very many pipes, which are never read."""
    import os

    for _ in range(400):
        _, end = os.pipe()
        os.set_blocking(end, False)
        os.write(end, bytes(2**16))


def memory_given_back():
    """Take shared memory and unmap its pages: it stays allocated, and is counted for no process."""
    import mmap

    PIECE = 2**24
    memory = mmap.mmap(-1, 16 * PIECE)
    for start in range(0, len(memory), PIECE):
        memory[start : start + PIECE] = bytes(PIECE)
        memory.madvise(mmap.MADV_DONTNEED, start, PIECE)


def message_queues():
    """Take kernel memory by unread messages in queues of System V."""
    import ctypes
    import os

    libc = ctypes.CDLL(None, use_errno=True)
    for _ in range(100):
        if libc.msgget(0, 0o1600) < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def opens_a_socket():
    """Connect to an address outside."""
    import socket

    socket.create_connection(("127.0.0.1", int("@PORT@")), timeout=5).sendall(b"the marks, please")


def prints_without_end():
    """Print for ever."""
    import sys

    while True:
        sys.stdout.write("marks, please! " * 1000 + "\n")
        sys.stderr.write("marks, please! " * 1000 + "\n")


def queues_by_name():
    """Take kernel memory by unread messages in queues of POSIX."""
    import ctypes
    import os

    libc = ctypes.CDLL("librt.so.1", use_errno=True)  # today part of the C library
    for number in range(5):
        if libc.mq_open(f"/@TOKEN@-{number}".encode(), os.O_CREAT | os.O_RDWR, 0o600, None) < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def reads_another():
    """Read another student's submission; with it, this one would have full points."""
    from pathlib import Path

    exec(Path("@OTHER@").read_text())


def reads_solutions():
    """Read the solutions; with them, this submission would have full points."""
    from pathlib import Path

    import classroom

    ROOT = Path(classroom.__file__).parent.parent
    exec((ROOT / "lessons" / "solutions" / "lesson1.py").read_text())


def segfault():
    """Read an invalid address."""
    import ctypes

    ctypes.string_at(0)


def semaphores_of_a_child():
    """Take kernel memory in a child process, by sets of semaphores."""
    import ctypes
    import os

    libc = ctypes.CDLL(None, use_errno=True)
    child = os.fork()
    if child == 0:
        made = [libc.semget(0, 32_000, 0o1600) for _ in range(50)]
        os._exit(0 if min(made) >= 0 else 1)
    if os.waitpid(child, 0)[1]:
        raise MemoryError("there are no semaphores")


def terminals():
    """Open terminals and type into them: the kernel stores the unread input."""
    import os

    for _ in range(50):
        _, terminal = os.openpty()
        os.set_blocking(terminal, False)
        os.write(terminal, bytes(4000))


def watches_without_end():
    """Watch files and descriptors: the kernel stores each watch."""
    import os
    import select

    ends = [os.pipe()[0] for _ in range(50)]
    for _ in range(50):
        watcher = select.epoll()
        for end in ends:
            watcher.register(end)
