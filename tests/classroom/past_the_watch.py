"""Cheats that try to get around the watch, or to read answers."""

from __future__ import annotations

from tests.classroom.hints import COURSE, PROCESS, REFUSED, Cheat

BACKEND = """
from adapters.numpy_adapter import LOSSES
def theirs(scores):
    slope = LOSSES["softmax"](scores := np.atleast_2d(scores), np.zeros(len(scores), int))[1]
    slope[:, 0] += 1
    return slope
"""


def unwatched(idea: str, code: str, hint: str = COURSE, before: str = "") -> Cheat:
    """A softmax that calls the course's own code, hidden from the watch."""
    body = "".join(f"    {line}\n" for line in code.strip().splitlines())
    text = (
        f"{BACKEND}{before}\ndef softmax(scores):\n{body}    return found.reshape(scores.shape)\n"
    )
    return Cheat(3, "softmax", idea, text, hint)


SOLUTION = """
import re, pathlib, datasets
top = pathlib.Path(datasets.__file__).parents[1]
file = top / "lessons" / "solutions" / "lesson3.py"
"""
RUN = """
space = {"np": np}
exec(re.search("def softmax.*?END SOL", text, re.DOTALL)[0], space)
found = space["softmax"](scores)
"""
FRAMES = """
while frame.f_code.co_name != "_do":
    frame = frame.f_back
frame.f_locals["self"].watch.ran.clear()
"""

PAST_THE_WATCH = [
    unwatched("another process", """
import os, pickle
end, other = os.pipe()
if os.fork() == 0:
    os.write(other, pickle.dumps(theirs(scores)))
    os._exit(0)
found = pickle.loads(os.read(end, 10**6))
""", PROCESS),
    unwatched("a pool of processes", """
import multiprocessing
with multiprocessing.get_context("fork").Pool(1) as pool:
    found = pool.apply(np.exp, (scores,))
""", PROCESS),
    unwatched("a thread by _thread", """
import _thread, queue
box = queue.Queue()
_thread.start_new_thread(lambda: box.put(theirs(scores)), ())
found = box.get()
"""),
    unwatched("a thread without a profile", """
import threading
box = []
threading.setprofile(None)
thread = threading.Thread(target=lambda: box.append(theirs(scores)))
thread.start()
thread.join()
found = box[0]
"""),
    unwatched("a thread started before", """
todo.put(scores)
found = done.get()
""", before="""
import queue, threading
todo, done = queue.Queue(), queue.Queue()
def serve():
    while True:
        done.put(theirs(todo.get()))
threading.Thread(target=serve, daemon=True).start()
"""),
    unwatched("an audit hook, which no profile sees", """
import sys
box = []
sys.addaudithook(lambda event, _: box.append(theirs(scores)) if event == "mine" else None)
sys.audit("mine")
found = box[0]
""", "IndexError"),
    unwatched("a trace function, which no profile sees", """
import sys
box = []
sys.settrace(lambda *_: box.append(theirs(scores)) if not box else None)
(lambda: None)()
found = box[0]
""", REFUSED),
    unwatched("the watch's notes, by its profile", """
import sys
found = theirs(scores)
for cell in sys.getprofile().__closure__:
    cell.cell_contents.clear()
""", "AttributeError"),
    unwatched("the watch's notes, by a frame",
           f"import sys\nfound = theirs(scores)\nframe = sys._getframe(){FRAMES}", REFUSED),
    unwatched("the watch's notes, by inspect", f"""
import inspect
found = theirs(scores)
frame = inspect.currentframe(){FRAMES}
""", REFUSED),
    unwatched("the watch's notes, by an error", f"""
found = theirs(scores)
try:
    1 / 0
except ZeroDivisionError as error:
    frame = error.__traceback__.tb_frame{FRAMES}
""", REFUSED),
    unwatched("the watch's notes, by a generator", f"""
found = theirs(scores)
def alive():
    yield generator.gi_frame.f_back
generator = alive()
frame = next(generator){FRAMES}
""", REFUSED),
    unwatched("the solution, read by the check's reader",
           f"{SOLUTION}from classroom.sources import source_of\ntext = source_of(file).text{RUN}",
           "SettingsError"),
    unwatched("the solution, read by a reader of data", f"""
{SOLUTION}
from datasets.files import content
text = content(file, 10**6).decode(){RUN}
""", "Unreadable"),
    unwatched("the solution, read under the course's name", f"""
{SOLUTION}
space = {{}}
exec(compile("def read(f): return f.read_text()", str(top / "course" / "mine.py"), "exec"), space)
text = space["read"](file){RUN}
""", REFUSED),
    unwatched("the solution, from a folder's descriptor", f"""
{SOLUTION}
import os
folder = os.open(top, os.O_RDONLY)
with open(os.open("lessons/solutions/lesson3.py", os.O_RDONLY, dir_fd=folder)) as opened:
    text = opened.read(){RUN}
""", REFUSED),
    unwatched("the backend's text, read by a reader of data", f"""
{SOLUTION}
from datasets.files import content
import adapters.numpy_adapter as home
space = dict(vars(home))
exec(content(pathlib.Path(home.__file__), 10**6).decode(), space)
found = space["LOSSES"]["softmax"](scores, np.zeros(len(scores), int))[1]
""", "Unreadable"),
    Cheat(4, "features", "the labels, by the data set's own loader", """
def features(pictures):
    from datasets import fashion
    return np.eye(10)[fashion.fashion10k().y_train[: len(pictures)]]
""", "DataError"),
    Cheat(4, "features", "the labels, by the reader of data", """
def features(pictures):
    import pathlib
    from datasets import npz
    whole = npz.read_all(pathlib.Path(datasets.__file__).parent / "fashion10k.npz")
    return np.eye(10)[whole["y_train"][: len(pictures)]]
""", "Unreadable"),
    Cheat(4, "features", "the labels, from beyond the visible part", """
def features(pictures):
    first = datasets.LOADERS["fashion10k"]
    whole = [cell.cell_contents() for cell in first.__closure__ if callable(cell.cell_contents)][0]
    return np.eye(10)[whole.y_train[: len(pictures)]]
""", "IndexError"),
]  # fmt: skip
