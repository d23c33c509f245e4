"""Honest products of two matrices, as near to a ready-made one as they may come."""

from __future__ import annotations

from tests.classroom.cheat import Cheat

PRODUCTS: list[Cheat] = []


def product(idea: str, code: str) -> None:
    """A body of row_by_column that has all its marks."""
    body = "".join(f"    {line}\n" for line in code.splitlines())
    whole = f"def row_by_column(A, B):\n{body}"
    PRODUCTS.append(Cheat(3, "row_by_column", idea, whole, ""))


product(
    "three loops",
    """C = np.zeros((A.shape[0], B.shape[1]))
for i in range(A.shape[0]):
    for j in range(B.shape[1]):
        for k in range(A.shape[1]):
            C[i, j] += A[i, k] * B[k, j]
return C""",
)
product(
    "three loops over whole numbers",
    """C = np.zeros((len(A), len(B[0])), dtype=int)
for i in range(len(A)):
    for j in range(len(B[0])):
        total = 0
        for k in range(len(B)):
            total += int(A[i][k] * B[k][j])
        C[i, j] = total
return C""",
)
product(
    "in the matrix's own dtype",
    """C = np.zeros((len(A), B.shape[1]), dtype=A.dtype)
for i, row in enumerate(A):
    for j in range(B.shape[1]):
        C[i, j] = np.sum(row * B[:, j])
return C""",
)
product(
    "lists in a list", "return [[sum(a * b for a, b in zip(r, c)) for c in zip(*B)] for r in A]"
)
product(
    "plain lists",
    """A, B = A.tolist(), B.tolist()
return [[sum([a * b for a, b in zip(r, c)]) for c in zip(*B)] for r in A]""",
)
product("broadcasting and a sum", "return (A[:, :, None] * B[None]).sum(axis=1)")
product("np.sum", "return np.sum(A[:, :, np.newaxis] * B, axis=1)")
product("np.add.reduce", "return np.add.reduce(np.multiply(A[:, :, None], B[None]), axis=1)")
product("row by row", "return np.array([(r[:, None] * B).sum(axis=0) for r in A])")
product("a sum of outer products", "return sum(np.outer(A[:, k], B[k]) for k in range(len(B)))")
product(
    "operator.mul in a map",
    """from operator import mul
return [[sum(map(mul, r, c)) for c in B.T] for r in A]""",
)
product(
    "a reduction",
    """from functools import reduce
return [[reduce(lambda s, ab: s + ab[0] * ab[1], zip(r, c), 0) for c in B.T] for r in A]""",
)
product(
    "a starmap",
    """import itertools, operator
return [[sum(itertools.starmap(operator.mul, zip(r, c))) for c in B.T] for r in A]""",
)
product(
    "math.fsum",
    """import math
return [[math.fsum(a * b for a, b in zip(r, c)) for c in B.T] for r in A]""",
)
product(
    "floats first",
    """A, B = np.asarray(A, dtype=float), np.array(B, float)
return [[sum(r * c) for c in B.T] for r in A]""",
)
product(
    "astype first",
    """A, B = A.astype(float), B.astype(np.float64)
return [[np.add.reduce(r * c) for c in B.transpose()] for r in A]""",
)
product(
    "views and copies",
    """A, B = A.copy(), np.ascontiguousarray(B.T)
return np.array([[(r * c).sum() for c in B] for r in A[:]])""",
)
product(
    "zeros left out",
    """C = np.zeros((len(A), B.shape[1]))
for (i, k), a in np.ndenumerate(A):
    if a != 0:
        for j in range(B.shape[1]):
            C[i, j] = C[i, j] + a * B[k, j]
return C""",
)
product(
    "a function of its own, by hand",
    """def meet(row, column):
    result = 0.0
    for n in range(len(row)):
        result = result + row[n] * column[n]
    return result
return [[meet(A[i, :], B[:, j]) for j in range(B.shape[1])] for i in range(A.shape[0])]""",
)
product(
    "np.vectorize",
    """at = np.vectorize(lambda i, j: sum(A[i] * B[:, j]))
return at(*np.indices((len(A), B.shape[1])))""",
)
product("a mean times a length", "return [[np.mean(r * c) * len(r) for c in B.T] for r in A]")
product("cumsum's last", "return np.cumsum(A[:, :, None] * B, axis=1)[:, -1]")

# An import inside of a function asks whatever looks for modules here, a library's finder among it.
product(
    "a module imported where it is needed, for the first time",
    """import colorsys
return [[sum(r * c) for c in B.T] for r in A]""",
)
