"""What a law is told about: a backend's model class, and the references it is judged by.

A subject keeps its models, one for each architecture, and puts each into the state that a law asks
for: TensorFlow and Keras compile for about a second a model, so nothing is built twice.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from adapters.contract import Array, Model, Net, Optimizer, Params
from adapters.numpy_adapter import NumpyModel
from tests.conformance.cases import Case
from tests.tolerances import epsilon


def reference(dtype: str) -> type[NumpyModel]:
    """The reference, NumPy by hand, in this precision whatever the process has settled on."""

    class Reference(NumpyModel):
        pass

    Reference.dtype, Reference.device = dtype, "cpu"  # type: ignore[assignment]
    return Reference


@dataclass
class Subject:
    """A backend under test, in the precision and on the device that the process has settled on."""

    cls: type[Model]
    models: dict[tuple[Net, Optimizer], Model] = field(default_factory=dict)

    @property
    def dtype(self) -> str:
        return self.cls.dtype

    @property
    def eps(self) -> float:
        return epsilon(self.dtype)

    def fresh(self, case: Case) -> Model:
        """A new model of this case, as its constructor leaves it."""
        return self.cls(case.net, case.params, case.optimizer)

    def model(self, case: Case, optimizer: Optimizer | None = None) -> Model:
        """The model of this case, in its state; with another optimizer where a law gives one."""
        key = (case.net, optimizer or case.optimizer)
        if key not in self.models:
            self.models[key] = self.cls(case.net, case.params, key[1])
        self.models[key].restore(case.state)
        return self.models[key]

    def reference(self, case: Case, dtype: str | None = None) -> NumpyModel:
        """NumPy in the same state; in the run's own precision unless another is asked for."""
        model = reference(dtype or self.dtype)(case.net, case.params, case.optimizer)
        model.restore(case.state)
        return model


def everything(model: Model, x: Array, y: Array) -> tuple[list[Array], float, Params]:
    """All that reading gives: activations, loss and gradients."""
    return model.activations(x), model.loss(x, y), model.gradients(x, y)
