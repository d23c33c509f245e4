"""Hostile files for every public function that reads one."""

from __future__ import annotations

from typing import Any

import numpy as np

import datasets
from classroom.solution_markers import students_version
from classroom.sources import source_of
from compare.diverge.trace import Trace
from course.record import read_record
from course.translation.catalogues import entries
from tests.trust.files import (
    CUT_GZIP,
    EMPTY_DIMENSION,
    GZIP_BOMB,
    NEGATIVE,
    TERABYTES,
    Case,
    archive,
    bomb,
    fifo,
    folder,
    idx,
    loop,
    npy,
    npz,
)
from tests.trust.functions import refused


def of_data(what: str, content: Any, *says: str) -> Case:
    return refused(
        "datasets.load", what, lambda at: datasets.load(at / "a.npz"), *says, a_npz=content
    )


def of_idx(what: str, content: bytes, *says: str) -> Case:
    return Case(
        "datasets.load",
        what,
        lambda at: datasets.load(at / "mnist"),
        ("train-images", *says),
        idx(x_train=content),
    )


CASES = [
    of_data(
        "a header that claims terabytes",
        archive({"x_train.npy": npy("(1099511627776,)")}),
        "x_train",
        "bytes",
    ),
    of_data("a zip bomb", bomb(), "x_train", "claims"),
    of_data(
        "objects, which are pickles",
        archive({"x_train.npy": npy("(1,)", "|O", b"x")}),
        "x_train",
        "never read",
    ),
    of_data("a pipe", fifo, "regular file"),
    of_data("a link to itself", loop, "cannot be read"),
    of_data("an array missing", npz(y_test=None), "y_test", "0 times"),
    of_data(
        "empty arrays",
        npz(x_train=np.zeros((0, 2, 2)), y_train=np.zeros(0, int)),
        "x_train",
        "empty",
    ),
    of_data("NaN", npz(x_train=np.full((6, 2, 2), np.nan)), "x_train", "nan", "finite"),
    of_data("an infinity", npz(x_test=np.full((3, 2, 2), np.inf)), "x_test", "inf", "finite"),
    of_data("labels as floats", npz(y_train=np.zeros(6)), "y_train", "integers"),
    of_data("complex images", npz(x_train=np.ones((6, 2, 2), complex)), "x_train", "c16"),
    of_data("images of another size", npz(x_test=np.ones((3, 3, 3), np.uint8)), "3×3"),
    of_idx("an IDX header that claims terabytes", TERABYTES, "claims", "allowed"),
    of_idx("an IDX header of negative size", NEGATIVE, "claims"),
    of_idx("an IDX header with an empty dimension", EMPTY_DIMENSION, "empty"),
    of_idx("gzip cut short", CUT_GZIP, "ends early"),
    of_idx("a gzip bomb", GZIP_BOMB, "goes on"),
    refused("datasets.load", "a number", lambda _: datasets.load(3), "3", "expected"),
    refused(
        "datasets.load", "a name with a null", lambda _: datasets.load("a\0b"), "x00", "expected"
    ),
    refused(
        "read_record",
        "a folder that is empty",
        lambda at: read_record(at),
        "record.npz",
        "cannot be read",
    ),
    refused(
        "read_record",
        "arrays that are a pipe",
        lambda at: read_record(at),
        "regular file",
        record_npz=fifo,
    ),
    refused(
        "read_record",
        "a zip bomb",
        lambda at: read_record(at),
        "claims",
        record_npz=bomb("softmax/losses"),
    ),
    refused(
        "read_record",
        "a folder for a card",
        lambda at: read_record(at),
        "card.json",
        record_npz=npz(),
        card_json=folder,
    ),
    refused(
        "Trace.read", "a pipe", lambda at: Trace.read(at / "a.npz"), "regular file", a_npz=fifo
    ),
    refused(
        "Trace.read",
        "a header that claims terabytes",
        lambda at: Trace.read(at / "a.npz"),
        "trace",
        a_npz=archive({"card.npy": npy("()", "<U9999999")}),
    ),
    refused("Trace.read", "images", lambda at: Trace.read(at / "a.npz"), "trace", a_npz=npz()),
    refused(
        "catalogues.entries",
        "bytes that are no text",
        lambda at: entries(at / "a.po"),
        "UTF-8",
        a_po=b"msgid \xff",
    ),
    refused(
        "catalogues.entries",
        "a text of no message",
        lambda at: entries(at / "a.po"),
        "line 1",
        a_po=b'"x"\n',
    ),
    refused(
        "catalogues.entries",
        "two texts in a line",
        lambda at: entries(at / "a.po"),
        "line 1",
        a_po=b'msgid "x", "y"\n',
    ),
    refused("source_of", "a pipe", lambda at: source_of(at / "a.py"), "a.py", "a pipe", a_py=fifo),
    refused(
        "source_of",
        "a notebook of endless brackets",
        lambda at: source_of(at / "a.ipynb"),
        "not a notebook",
        a_ipynb=b"[" * 50_000,
    ),
    refused(
        "students_version",
        "a solution without end",
        lambda at: students_version("### BEGIN SOLUTION\n", at / "ü b.py"),
        "line 1",
        "no end",
    ),
]
