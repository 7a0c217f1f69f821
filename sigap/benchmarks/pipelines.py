"""Whole Rasa pipelines, SIGAP's beside what `rasa init` writes, all on the same training messages."""

from __future__ import annotations

import asyncio
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace as replace_field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sigap import evaluation
from sigap.benchmarks.report import Messages, Row, in_own_process, peak_megabytes, replace, table, write_nlu
from sigap.evaluation import Labelled, Understood
from sigap.settings import DATA, ROOT

HEADING = "## Whole pipelines"
IN_FULL = "## DIET, trained in full"
_FULL_EPOCHS = 100
_SEED = 20170807
_TEXTCAT_EPOCHS = 15
_BOW = {"exclusive_classes": True, "ngram_size": 2, "no_output_layer": False}
_STOCK_FEATURES: list[dict[str, Any]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]
_LINEAR = {"name": "LogisticRegressionClassifier", "random_state": _SEED}
_IN_USE: dict[str, Any] = YAML(typ="safe").load((ROOT / "config.yml").read_text(encoding="utf-8"))


def measure(messages: Messages, epochs: int) -> None:
    """Train and measure each pipeline, DIET for `epochs` of its 100, and write the section."""
    ours = {"pipeline": _IN_USE["pipeline"][:-1], "importers": _IN_USE["importers"]}
    linear, diet = ({"pipeline": [*_STOCK_FEATURES, classifier]} for classifier in (_LINEAR, _diet(epochs)))
    rasa = [
        ("**SIGAP's pipeline (in use)**", ours),
        ("Rasa's stock features + LogisticRegressionClassifier", linear),
        (f"what `rasa init` writes: DIET, {epochs} of 100 epochs", diet),
    ]
    rows = [in_own_process(_rasa, name, config, messages) for name, config in rasa]
    rows.append(in_own_process(_spacy_textcat, messages))
    introduction = (
        f"{messages} Those of Rasa learn the entities too, which is in their times, as is Rasa's own overhead; imports "
        "are not. A hundred epochs of DIET would take the better part of a day on two cores; parsing costs the same "
        "after any number of them. `sigap bench --only pipelines --epochs N` measures with more."
    )
    replace(HEADING, f"{introduction}\n\n{table(rows)}")


def measure_in_full(messages: Messages, share: float) -> None:
    """Train DIET for all its epochs on a share of the messages, and SIGAP's classifier on the same; intents only."""
    chosen = random.Random(_SEED).sample(messages.training, int(len(messages.training) * share))
    fewer = replace_field(messages, training=chosen)
    ours = {"pipeline": [part for part in _IN_USE["pipeline"][:-1] if "Extractor" not in part["name"]]}
    diet = {"pipeline": [*_STOCK_FEATURES, _diet(_FULL_EPOCHS)]}
    rows = [
        in_own_process(_rasa, name, config, fewer, True)
        for name, config in (
            ("**SIGAP's classifier (in use)**", ours),
            (f"what `rasa init` writes: DIET, {_FULL_EPOCHS} epochs", diet),
        )
    ]
    introduction = (
        f"{fewer} They are a random {share:.0%} of all, because on all of them DIET would train for most of a day on "
        f"two cores. `sigap bench --only diet --share {share}`."
    )
    replace(IN_FULL, f"{introduction}\n\n{table(rows)}")


def _diet(epochs: int) -> dict[str, Any]:
    return {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True, "random_seed": _SEED}


def _rasa(name: str, chosen: dict[str, Any], messages: Messages, these_only: bool = False) -> Row:
    """Train on data/nlu, or on `these_only`, without entities."""
    from rasa.core.agent import Agent
    from rasa.model_training import train

    folder = Path(tempfile.mkdtemp())
    try:
        config = folder / "config.yml"
        with config.open("w") as file:
            YAML().dump({"recipe": "default.v1", "assistant_id": "bench", "language": "id", **chosen}, file)
        data = write_nlu(messages.training, folder / "nlu.yml") if these_only else DATA / "nlu"
        began = time.process_time()
        model = train(str(ROOT / "domain.yml"), str(config), [str(data)], str(folder), force_training=True).model
        seconds = time.process_time() - began
        agent = Agent.load(model)
        loop = asyncio.new_event_loop()
        return _row(name, seconds, messages, lambda text: loop.run_until_complete(agent.parse_message(text)))
    finally:
        shutil.rmtree(folder)


def _spacy_textcat(messages: Messages) -> Row:
    """The text classifier of spaCy (bag of words, its fast architecture) on Indonesian blank tokens."""
    import spacy
    from spacy.training import Example

    labels = sorted({message.intents[0] for message in messages.training})
    nlp = spacy.blank("id")
    textcat = nlp.add_pipe("textcat", config={"model": {"@architectures": "spacy.TextCatBOW.v2", **_BOW}})
    for label in labels:
        textcat.add_label(label)
    examples = [
        Example.from_dict(nlp.make_doc(message.text), {"cats": {name: name == message.intents[0] for name in labels}})
        for message in messages.training
    ]
    began = time.process_time()
    nlp.initialize(lambda: examples)
    shuffled = random.Random(_SEED)
    for _ in range(_TEXTCAT_EPOCHS):
        shuffled.shuffle(examples)
        for first in range(0, len(examples), 64):
            nlp.update(examples[first : first + 64])
    seconds = time.process_time() - began

    def understand(text: str) -> Understood:
        cats = nlp(text).cats
        return {"intent": {"name": max(cats, key=lambda name: cats[name])}}

    return _row(f"spaCy textcat (bag of words), {_TEXTCAT_EPOCHS} epochs", seconds, messages, understand)


def _row(name: str, training: float, messages: Messages, understand: Callable[[str], Understood]) -> Row:
    times: list[float] = []

    def timed(text: str) -> Understood:
        began = time.process_time()
        understood = understand(text)
        times.append(time.process_time() - began)
        return understood

    # Entities are left out: only some of the pipelines read them.
    plain = [Labelled(message.text, message.intents, message.style, None) for message in messages.development]
    right = evaluation.evaluate(plain, timed).accuracy
    real = [Labelled(message.text, message.intents, message.style, None) for message in messages.real]
    real_right = evaluation.evaluate(real, timed).accuracy if real else None
    return Row(name, right, real_right, training, statistics.median(times), peak_megabytes())
