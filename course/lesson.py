"""What a lesson holds in its hands: a backend, data, a training loop, a drawing board, a notebook.

Everything the lesson trains, searches or draws is kept here, and `finish` turns it into a record.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from adapters import load
from adapters.contract import (
    Array,
    Model,
    Net,
    NotFinite,
    Optimizer,
    Params,
    TriptychError,
    require,
)
from course import card, checkpointing, console, probes
from course.chosen import Chosen
from course.figure_writer import Printer
from course.plotting.style import display, in_notebook, start_drawing, write
from course.randomness import initial_weights
from course.record import Staging
from course.settings import Settings, folder_name
from course.training import Run, reuse_rows, predictions, train
from course.translation.catalogues import told
from course.translation.labels import relabel

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Lesson(Chosen):
    """One run of one lesson on one backend."""

    def __init__(self, number: int, settings: Settings) -> None:
        super().__init__(number, settings)
        self.seed = settings.seed
        self.staging = Staging(settings.out, number)
        self.Model: type[Model]  # known once the lesson begins
        self.runs: dict[str, Run] = {}
        self.arrays: dict[str, Array] = {}
        self.probes: dict[str, Array] = {}  # what --looks saw
        self.bare: dict[tuple[Net, Optimizer], Model] = {}  # backends to look at instead of others
        self.neurons: dict[str, tuple[Model, Array, Array]] = {}  # that it trained by itself
        self.measures: dict[str, float] = {}
        self.accuracies: dict[str, float] = {}
        self.figures: list[dict[str, str]] = []
        # From the start: it imports matplotlib while the backend is imported.
        self.printer = Printer() if settings.draw and not in_notebook() else None
        self.finished_in: Path | None = None
        self.start = time.perf_counter()

    def begin(self) -> None:
        """Load the backend and say what runs where."""
        s = self.settings
        self.Model = load(
            s.backend, dtype=s.dtype, device=s.device, threads=s.threads, world=s.world
        )  # fmt: skip
        start_drawing()
        title, question = told(self.number, s.language)
        console.console.print(
            f"[bold]{title}[/]  {question}\n"
            f"backend {s.backend}, device {self.Model.device}, {s.dtype}, seed {s.seed}, "
            f"{self.Model.threads} threads" + (f", {s.world.size} workers" if s.world else "")
        )

    # What the lesson does.

    def numbers(self, values: Any) -> Array:
        """An array in the run's dtype."""
        return np.asarray(values, self.Model.dtype)

    def initial_weights(self, net: Net) -> Params:
        """Weights to start from: the same for every backend, a function of the seed alone."""
        return initial_weights(net, self.seed)

    def train(
        self,
        name: str,
        net: Net,
        optimizer: Optimizer,
        x: Array,
        y: Array,
        *,
        epochs: int,
        batch_size: int,
        test: tuple[Array, Array] | None = None,
        initial: Params | None = None,
        shuffle: bool = True,
        lower_by: float = 1.0,
        diverges: bool = False,
        backend: type[Model] | None = None,
    ) -> Run:
        """Train a network on x (n, n_in) and y, and keep everything that came out under `name`.

        lower_by: divides the learning rate in the last third of the epochs. test: the rows and
        targets whose predictions are recorded; the training rows if left out. diverges: the run is
        meant to. backend: instead of the lesson's own, such as one with a known difference planted
        in it. Raises NotFinite where a loss is not a number, and keeps the run all the same.
        """
        run = Run(
            name, net, optimizer, initial=self.initial_weights(net) if initial is None else initial,
            epochs=epochs, batch_size=batch_size, seed=self.seed, shuffle=shuffle,
            lower_by=lower_by, x=reuse_rows(self.numbers(x), self.runs.values()),
            y=y if net.loss == "softmax" else self.numbers(y),
        )  # fmt: skip
        self.runs[name], backend = run, backend or self.Model
        try:
            return train(
                run, backend, diverges=diverges, checkpointer=checkpointing.of(self, run, backend)
            )
        finally:
            if run.model is not None:
                self._keep_run(run, test)

    def keep(self, name: str, *, answers: Array | None = None, **arrays: Array | Params) -> None:
        """Record what the lesson trained by itself: losses, params, predictions, mistakes.

        losses (steps,), in the run's dtype; params in the contract's order; predictions int64
        classes or numbers; mistakes int64, one count per pass. answers: the classes that the
        predictions should have been; not recorded, they give the accuracy.
        """
        if answers is not None:
            said = np.asarray(arrays["predictions"])
            self.accuracies[name] = float((said == np.reshape(answers, said.shape)).mean())
        for key, value in arrays.items():
            if key == "params":
                self.arrays |= {f"{name}/param_{i}": p for i, p in enumerate(value)}
            else:
                self.arrays[f"{name}/{key}"] = np.asarray(value)

    def keep_neuron(
        self, name: str, model: Model, rows: Array, answers: Array, **arrays: Array
    ) -> None:
        """Record a perceptron that the lesson trained by itself: also what it says of these rows.

        rows (n, n_in) and answers (n, 1): those that predictions, accuracy and looks are made on.
        """
        self.neurons[name] = model, rows, answers
        said = predictions(model.net, model.forward(rows))
        self.keep(name, answers=answers, params=model.params(), predictions=said, **arrays)
        if self.settings.probes:
            self.probes |= probes.of_rows(name, model, self.seed, rows, answers)

    def keep_search(self, name: str, losses: Sequence[float], knobs: Sequence[Any]) -> None:
        """Record a search: the loss and the knobs of each evaluation."""
        self.arrays[f"search/{name}/losses"] = np.asarray(losses, self.Model.dtype)
        self.arrays[f"search/{name}/knobs"] = np.asarray(knobs, self.Model.dtype)

    def measure(self, name: str, value: float) -> None:
        """A number worth comparing between seeds; SEEDS= prints its spread."""
        self.measures[name] = float(value)

    def table(self, title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Print a short table."""
        console.table(title, header, rows)

    def say(self, text: str) -> None:
        """Print a line."""
        console.console.print(text)

    def show(self, figure: Figure, name: str, alt: str) -> None:
        """Save a figure beside the record (in a notebook: show it too). alt: what it shows."""
        import matplotlib.pyplot as plt

        file = self.staging.folder / f"{name}.png"
        relabel(figure, self.settings.language)
        if self.printer is not None:
            self.printer.save(figure, file, alt)
        elif self.settings.draw:
            write(figure, file, alt)
            display(file, alt)
        if self.settings.draw:  # at last: a Ctrl-C in between leaves no name without a figure
            self.figures.append({"file": file.name, "alt": alt})
        plt.close(figure)

    def finish(self, headline: str | None = None, status: str = "complete") -> None:
        """Write the record; headline: the run whose accuracy and epochs stand on the card.

        Raises TriptychError where a figure could not be saved, after everything else was.
        """
        name = self.folder_name()
        if not self.settings.draw:
            self.figures = self.staging.keep_figures(name)
        unsaved = self.printer.finish() if self.printer is not None else None
        # Numbers are worth keeping without pictures, and Ctrl-C may come before a picture is there.
        if unsaved is not None or status != "complete":
            self.figures = [f for f in self.figures if (self.staging.folder / f["file"]).is_file()]
        self.staging.write(self.arrays, card.of(self, headline, status), self.probes)
        self.finished_in = self.staging.publish(name, complete=status == "complete")
        checkpointing.remove(self, status)
        require(
            unsaved is None,
            f"a figure could not be saved: {unsaved}; the numbers are in {self.finished_in}",
            TriptychError,
        )
        if status == "complete" and headline is not None:
            self._report(headline)
        console.console.print(f"{status}: {self.finished_in}", markup=False)

    def folder_name(self) -> str:
        """The name of the record's folder, as far as the lesson has asked for its settings."""
        s, unusual = self.settings, {k: v for k, (v, usual) in self.chosen.items() if v != usual}
        unusual |= {} if s.threads is None else {"threads": s.threads}
        return folder_name(s.backend, s.dtype, self.Model.device, self.seed, unusual)

    def abandon(self) -> None:
        """Leave nothing behind but the checkpoints."""
        if self.printer is not None:
            self.printer.abandon()
        checkpointing.release(self)
        self.staging.discard()

    def _keep_run(self, run: Run, test: tuple[Array, Array] | None) -> None:
        assert run.model is not None
        rows, targets = test if test is not None else (run.x, run.y)
        scores = run.model.forward(self.numbers(rows))
        said = predictions(run.net, scores)
        self.keep(
            run.name, losses=run.losses, params=run.params, predictions=said,
            answers=targets if run.net.loss != "squared" else None,
        )  # fmt: skip
        if run.status == "complete" and not np.isfinite(scores).all():
            run.status = "diverged"  # in the very last step, which no later loss can show
            rate = run.optimizer.learning_rate
            raise NotFinite(
                f"{run.name}: after step {len(run.losses)} with learning rate {rate:g} the scores "
                f"are not finite: try a smaller one, such as {rate / 10:g}"
            )
        if self.settings.probes and run.status != "interrupted":
            self.probes |= probes.of_run(run, self._beneath(run))

    def _beneath(self, run: Run) -> Model:
        """The run's model; or where that is not all the backend's own, a model that is.

        Looks are for judging the backend. What a lesson plants in one is the same in all of them.
        """
        assert run.model is not None
        if type(run.model) is self.Model:
            return run.model
        key = (run.net, run.model.optimizer)
        if key not in self.bare:
            self.bare[key] = self.Model(run.net, run.params, run.model.optimizer)
        return self.bare[key]

    def _report(self, headline: str) -> None:
        line = f"{headline}: final loss {self.arrays[f'{headline}/losses'][-1]:.4f}"
        if headline in self.accuracies:
            line += f", test accuracy {self.accuracies[headline]:.4f}"
        console.console.print(f"[bold]{line}[/]")
