"""The argument of a law: a backend's model class, and the references to compare it with.

A subject reuses its models, one for each architecture, and restores the state that a law needs,
because TensorFlow and Keras take about a second to compile a model.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from adapters.contract import Array, Model, Net, Optimizer, Params
from adapters.laws.cases import Case
from adapters.laws.tolerances import epsilon
from adapters.numpy_adapter import NumpyModel
from adapters.validation import missing_layers


class NotRun(Exception):
    """A law does not concern this backend; the text says why."""


def reference(dtype: str) -> type[NumpyModel]:
    """The reference implementation in this precision, whatever the process uses."""

    class Reference(NumpyModel):
        pass

    Reference.dtype, Reference.device = dtype, "cpu"  # type: ignore[assignment]
    return Reference


@dataclass
class Subject:
    """A backend under test, in the precision and on the device of the process."""

    cls: type[Model]
    models: dict[tuple[Net, Optimizer], Model] = field(default_factory=dict)

    @property
    def dtype(self) -> str:
        return self.cls.dtype

    @property
    def eps(self) -> float:
        return epsilon(self.dtype)

    def lacks(self, net: Net) -> str:
        """Which layers of the network the backend does not have, as a sentence; "" if none."""
        missing = missing_layers(net.layers, self.cls.supported_layers)
        return f"{self.cls.backend} has no {', '.join(missing)}" if missing else ""

    def make(self, net: Net, params: Params, optimizer: Optimizer) -> Model:
        """A new model; NotRun if the backend lacks one of its layers."""
        reason = self.lacks(net)
        if reason:
            raise NotRun(reason)
        return self.cls(net, params, optimizer)

    def fresh(self, case: Case) -> Model:
        """A new model of this case, as its constructor leaves it."""
        return self.make(case.net, case.params, case.optimizer)

    def model(self, case: Case, optimizer: Optimizer | None = None) -> Model:
        """The model of this case, in the case's state. optimizer: instead of the case's."""
        key = (case.net, optimizer or case.optimizer)
        if key not in self.models:
            self.models[key] = self.make(case.net, case.params, key[1])
        self.models[key].restore(case.state)
        return self.models[key]

    def reference(self, case: Case, dtype: str | None = None) -> NumpyModel:
        """The reference in the same state, by default in the run's precision."""
        model = reference(dtype or self.dtype)(case.net, case.params, case.optimizer)
        model.restore(case.state)
        return model


def everything(model: Model, x: Array, y: Array) -> tuple[list[Array], float, Params]:
    """The results of all reading methods: activations, loss and gradients."""
    return model.activations(x), model.loss(x, y), model.gradients(x, y)
