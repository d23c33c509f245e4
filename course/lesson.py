"""The API that lesson files use to load, train, plot and record.

A Lesson collects everything that its file trains, searches or draws; `finish` writes the record.
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
from course.figure_writer import FigureWriter
from course.lesson_context import LessonContext
from course.plotting.style import display, in_notebook, start_drawing, write
from course.randomness import initial_weights
from course.record import Staging
from course.settings import Settings, folder_name
from course.training import Run, predictions, reuse_rows, train
from course.translation.catalogues import title_and_question
from course.translation.labels import relabel

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Lesson(Chosen):
    """One run of one lesson on one backend."""

    def __init__(
        self, number: int, settings: Settings, context: LessonContext | None = None
    ) -> None:
        super().__init__(number, settings)
        self.context = context or LessonContext()
        self.seed = settings.seed
        self.staging = Staging(settings.out, number)
        self.Model: type[Model]  # set by `begin`
        self.runs: dict[str, Run] = {}
        self.arrays: dict[str, Array] = {}  # of the record
        self.probes: dict[str, Array] = {}  # of --probes
        self.probed: dict[tuple[Net, Optimizer], Model] = {}  # models without injections
        self.neurons: dict[str, tuple[Model, Array, Array]] = {}  # of `keep_neuron`
        self.measures: dict[str, float] = {}
        self.accuracies: dict[str, float] = {}
        self.figures: list[dict[str, str]] = []
        # Started first: it imports matplotlib while this process imports the backend.
        self.writer = FigureWriter() if settings.draw and not in_notebook() else None
        self.finished_in: Path | None = None
        self.start = time.perf_counter()

    def begin(self) -> None:
        """Load the backend and print the heading: title, backend, device, dtype and seed."""
        s = self.settings
        self.Model = load(
            s.backend, dtype=s.dtype, device=s.device, threads=s.threads, world=s.world
        )  # fmt: skip
        start_drawing()
        title, question = title_and_question(self.number, s.language)
        console.console.print(
            f"[bold]{title}[/]  {question}\n"
            f"backend {s.backend}, device {self.Model.device}, {s.dtype}, seed {s.seed}, "
            f"{self.Model.threads} threads" + (f", {s.world.size} workers" if s.world else "")
        )

    # The methods that lesson files call.

    def numbers(self, values: Any) -> Array:
        """An array in the run's dtype."""
        return np.asarray(values, self.Model.dtype)

    def rows(self, net: Net, x: Any) -> Array:
        """The rows as the network takes them: whole numbers for an embedding, else `numbers`."""
        return np.asarray(x) if net.reads_indices else self.numbers(x)

    def initial_weights(self, net: Net) -> Params:
        """Initial weights (float64), a function of the seed, the same for every backend."""
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
        """Train a network on x (n, …) and y, and record the run under `name`.

        test: the rows and targets whose predictions are recorded; by default the training rows.
        initial: the initial weights, by default those of the seed. lower_by: divides the learning
        rate in the last third of the epochs. diverges: the run is meant to diverge. backend:
        another model class, such as the backend with an injection.
        Raises NotFinite if a loss is not finite; the run is recorded all the same.
        """
        run = Run(
            name, net, optimizer, initial=self.initial_weights(net) if initial is None else initial,
            epochs=epochs, batch_size=batch_size, seed=self.seed, shuffle=shuffle,
            lower_by=lower_by, x=reuse_rows(self.rows(net, x), self.runs.values()),
            y=y if net.loss == "softmax" else self.numbers(y),
        )  # fmt: skip
        self.runs[name], backend = run, backend or self.Model
        if self.context.train is not None:
            self.context.train(run)
            return run
        try:
            return train(
                run, backend, diverges=diverges, checkpointer=checkpointing.of(self, run, backend)
            )
        finally:
            if run.model is not None:
                self._keep_run(run, test)

    def keep(self, name: str, *, answers: Array | None = None, **arrays: Array | Params) -> None:
        """Record results of the lesson's own training: losses, params, predictions, mistakes.

        losses (steps,), in the run's dtype; params in the contract's order; predictions int64
        classes or numbers; mistakes int64, one count per pass. answers: the correct classes, from
        which the accuracy is computed; they are not recorded.
        """
        if answers is not None:
            classes = np.asarray(arrays["predictions"])
            self.accuracies[name] = float((classes == np.reshape(answers, classes.shape)).mean())
        for key, value in arrays.items():
            if key == "params":
                self.arrays |= {f"{name}/param_{i}": p for i, p in enumerate(value)}
            else:
                self.arrays[f"{name}/{key}"] = np.asarray(value)

    def keep_neuron(
        self, name: str, model: Model, rows: Array, answers: Array, **arrays: Array
    ) -> None:
        """Record a perceptron that the lesson trained in its own loop, with its predictions.

        rows (n, n_in) and answers (n, 1): for predictions, accuracy and probes.
        """
        self.neurons[name] = model, rows, answers
        classes = predictions(model.net, model.forward(rows))
        self.keep(name, answers=answers, params=model.params(), predictions=classes, **arrays)
        if self.settings.probes:
            self.probes |= probes.of_rows(name, model, self.seed, rows, answers)

    def keep_search(self, name: str, losses: Sequence[float], knobs: Sequence[Any]) -> None:
        """Record a search: the loss and the knobs of each evaluation."""
        self.arrays[f"search/{name}/losses"] = np.asarray(losses, self.Model.dtype)
        self.arrays[f"search/{name}/knobs"] = np.asarray(knobs, self.Model.dtype)

    def measure(self, name: str, value: float) -> None:
        """Record a number on the card; with SEEDS= its spread over the seeds is printed."""
        self.measures[name] = float(value)

    def table(self, title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Print a short table."""
        (self.context.table or console.table)(title, header, rows)

    def say(self, text: str) -> None:
        """Print a line."""
        console.console.print(text)

    def show(self, figure: Figure, name: str, alt: str) -> None:
        """Save a figure beside the record, and show it in a notebook. alt: its description."""
        if self.context.show is not None:
            self.context.show(figure, name, alt)
            return
        import matplotlib.pyplot as plt

        file = self.staging.folder / f"{name}.png"
        relabel(figure, self.settings.language)
        if self.writer is not None:
            self.writer.save(figure, file, alt)
        elif self.settings.draw:
            write(figure, file, alt)
            display(file, alt)
        if self.settings.draw:  # last, so that Ctrl-C leaves no entry without a figure
            self.figures.append({"file": file.name, "alt": alt})
        plt.close(figure)

    def finish(self, headline: str | None = None, status: str = "complete") -> None:
        """Write the record. headline: the run whose accuracy the card and the last line show.

        Raises TriptychError if a figure could not be saved, after saving everything else.
        """
        name = self.folder_name()
        if not self.settings.draw:
            self.figures = self.staging.keep_figures(name)
        unsaved = self.writer.finish() if self.writer is not None else None
        # Numbers are worth recording without figures, and Ctrl-C may come before a figure exists.
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
        """The name of the record's folder, by the settings that the lesson has asked for so far."""
        s, unusual = self.settings, {k: v for k, (v, usual) in self.chosen.items() if v != usual}
        unusual |= {} if s.threads is None else {"threads": s.threads}
        return folder_name(s.backend, s.dtype, self.Model.device, self.seed, unusual)

    def abandon(self) -> None:
        """Remove all output of this lesson, except its checkpoints."""
        if self.writer is not None:
            self.writer.abandon()
        checkpointing.release(self)
        self.staging.discard()

    def _keep_run(self, run: Run, test: tuple[Array, Array] | None) -> None:
        assert run.model is not None
        rows, targets = test if test is not None else (run.x, run.y)
        scores = run.model.forward(self.rows(run.net, rows))
        self.keep(
            run.name, losses=run.losses, params=run.params,
            predictions=predictions(run.net, scores),
            answers=targets if run.net.loss != "squared" else None,
        )  # fmt: skip
        if run.status == "complete" and not np.isfinite(scores).all():
            run.status = "diverged"  # in the last step, after which there is no loss to show it
            rate = run.optimizer.learning_rate
            raise NotFinite(
                f"{run.name}: after step {len(run.losses)} with learning rate {rate:g} the scores "
                f"are not finite: try a smaller one, such as {rate / 10:g}"
            )
        if self.settings.probes and run.status != "interrupted":
            self.probes |= probes.of_run(run, self._without_injections(run))

    def _without_injections(self, run: Run) -> Model:
        """The run's model, or an equal one of the backend itself if the run has injections.

        Probes compare backends, and a lesson's injections are the same in every backend.
        """
        assert run.model is not None
        if type(run.model) is self.Model:
            return run.model
        key = (run.net, run.model.optimizer)
        if key not in self.probed:
            self.probed[key] = self.Model(run.net, run.params, run.model.optimizer)
        return self.probed[key]

    def _report(self, headline: str) -> None:
        line = f"{headline}: final loss {self.arrays[f'{headline}/losses'][-1]:.4f}"
        if headline in self.accuracies:
            line += f", test accuracy {self.accuracies[headline]:.4f}"
        console.console.print(f"[bold]{line}[/]")
