"""House sales in King County, Washington, May 2014 to May 2015: six columns and the price."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from datasets import committed
from datasets.files import DataError, digest, show

COLUMNS = ("bedrooms", "bathrooms", "living_area", "latitude", "longitude", "year_built")


@dataclass(frozen=True, eq=False)
class Houses:
    """Sales of homes, one row each, in the order of the source.

    columns: {name: (n,) float64} in the order of COLUMNS; living_area in square feet, bathrooms in
    quarters (0.5: a toilet without a shower), latitude and longitude in degrees, rounded to three
    decimals (some 100 m: these are homes). price (n,) float64, US dollars. digest: sha256 over all.
    """

    name: str
    columns: dict[str, NDArray[np.float64]]
    price: NDArray[np.float64]
    digest: str

    def table(self, *names: str) -> NDArray[np.float64]:
        """The named columns side by side, (n, k) float64, in the order of the names.

        Raises DataError without names, or for a name that is not a column.
        """
        unknown = [name for name in names if name not in self.columns]
        if unknown or not names:
            problem = f"has no column {show(unknown[0])}" if unknown else "needs a column's name"
            raise DataError(f"{self.name} {problem}; it has {', '.join(self.columns)}")
        return np.column_stack([self.columns[name] for name in names])


def load() -> Houses:
    """The 21,599 committed sales. Raises DataError if the file is damaged."""
    stored = committed.read("houses.npz")
    values = {key: array.astype(np.float64) for key, array in stored.items()}
    sha = digest(values)
    price = values.pop("price")
    return Houses("houses", values, price, sha)
