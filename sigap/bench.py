"""`make bench`: measures the choices of the pipeline side by side in one run and writes docs/benchmark.md."""

from __future__ import annotations

import asyncio
import os
import platform
import random
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML
from scipy.sparse import hstack
from scipy.special import softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from sigap import evaluation
from sigap.evaluation import Labelled
from sigap.knowledge.store import load_once
from sigap.language.concepts import concepts
from sigap.language.indonesian import lemmas, normaliser
from sigap.language.text import fold
from sigap.settings import DATA, KNOWLEDGE, LANGUAGE, ROOT

_SEED = 20170807
_STOCK_SHARE = 0.1
_WORDS: dict[str, Any] = {"token_pattern": r"\S+", "ngram_range": (1, 2)}
_CHARACTERS: dict[str, Any] = {"analyzer": "char_wb", "ngram_range": (3, 5), "min_df": 2}
# What `rasa init` writes for 3.6, with fewer epochs: 100 take hours on all messages with two cores.
_STOCK_EPOCHS = 15
_TEXTCAT_EPOCHS = 15
_BOW = {"exclusive_classes": True, "ngram_size": 2, "no_output_layer": False}
_STOCK: list[dict[str, Any]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "epochs": _STOCK_EPOCHS, "constrain_similarities": True, "random_seed": _SEED},
]
_STOCK_LINEAR: list[dict[str, Any]] = [*_STOCK[:-1], {"name": "LogisticRegressionClassifier", "random_state": _SEED}]
_OURS: list[dict[str, Any]] = YAML(typ="safe").load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"][:-1]


@dataclass(frozen=True)
class Row:
    """One line of a table: accuracies are shares, times are seconds, `parse` is the median for one message."""

    name: str
    development: float
    real: float | None
    training: float
    parse: float
    megabytes: float


class Texts:
    """A set of messages as the candidates see them."""

    def __init__(self, messages: Sequence[Labelled]) -> None:
        knowledge = load_once(KNOWLEDGE)
        read, table, ideas = normaliser(LANGUAGE, knowledge.offices.words), lemmas(), concepts(LANGUAGE)
        words = [[word.text for word in read.words(message.text)] for message in messages]
        self.messages = messages
        self.views = {
            "typed": [" ".join(fold(message.text).split()) for message in messages],
            "standard": [" ".join(row) for row in words],
            "lemma": [" ".join(table.get(word, word) for word in row) for row in words],
            "concept": [" ".join(ideas.of(row)) for row in words],
        }


def measure(real: Path | None, output: Path) -> None:
    """Measure and write the report. `real` is a file of real labelled messages, kept outside the repository."""
    training = [message for path in sorted((DATA / "nlu").glob("*.yml")) for message in evaluation.read_rasa_file(path)]
    development = [
        message for path in sorted((ROOT / "tests/nlu").glob("*.yml")) for message in evaluation.read_rasa_file(path)
    ]
    real_messages = list(evaluation.read_jsonl(real)) if real else []
    sets = Texts(training), Texts(development), Texts(real_messages)
    parts = [
        _title(training, development, real_messages),
        "## Features and classifiers, all training messages\n\n" + _table(_candidates(*sets)),
        _stock_section(training, development, real_messages),
    ]
    output.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _candidates(training: Texts, development: Texts, real: Texts) -> list[Row]:
    word, char = _WORDS, _CHARACTERS

    def svm() -> LinearSVC:
        return LinearSVC(C=0.5, tol=0.1, random_state=_SEED)

    both = [("standard", word), ("standard", char), ("typed", char)]
    return [
        _fit(name, views, make, training, development, real)
        for name, views, make in (
            ("as typed: words + characters, linear SVM", [("typed", word), ("typed", char)], svm),
            ("standard words only, linear SVM", [("standard", word)], svm),
            ("standard: words + characters, linear SVM", [("standard", word), ("standard", char)], svm),
            ("lemmas + characters, linear SVM", [("lemma", word), ("standard", char)], svm),
            ("**standard words + characters + typed characters, linear SVM (in use)**", both, svm),
            ("the same + concepts", [*both, ("concept", word)], svm),
            ("the same features, complement naive Bayes", both, lambda: ComplementNB(alpha=0.1)),
            ("ensemble of the two, sum of confidences", both, _Ensemble),
            (
                "standard words + characters, logistic regression",
                [("standard", word), ("standard", char)],
                lambda: LogisticRegression(C=20, solver="saga", max_iter=20, tol=1e-2, n_jobs=2, random_state=_SEED),
            ),
        )
    ]


def _fit(
    name: str,
    views: list[tuple[str, dict[str, Any]]],
    make: Callable[[], Any],
    training: Texts,
    development: Texts,
    real: Texts,
) -> Row:
    started = time.perf_counter()
    parts = [(view, TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **options)) for view, options in views]
    features = hstack([part.fit_transform(training.views[view]) for view, part in parts], format="csr")
    model = make().fit(features, [message.intents[0] for message in training.messages])
    seconds = time.perf_counter() - started

    def predict(texts: dict[str, list[str]], index: slice) -> Any:
        return model.predict(hstack([part.transform(texts[view][index]) for view, part in parts], format="csr"))

    def accuracy(texts: Texts) -> float | None:
        if not texts.messages:
            return None
        guesses = predict(texts.views, slice(None))
        return float(np.mean([guess in message.intents for guess, message in zip(guesses, texts.messages)]))

    times = []
    for position in range(100):
        began = time.perf_counter()
        predict(development.views, slice(position, position + 1))
        times.append(time.perf_counter() - began)
    return Row(name, accuracy(development) or 0.0, accuracy(real), seconds, statistics.median(times), _megabytes())


def _stock_section(training: list[Labelled], development: list[Labelled], real: list[Labelled]) -> str:
    chosen = random.Random(_SEED).sample(training, int(len(training) * _STOCK_SHARE))
    rows = [
        _rasa(name, pipeline, chosen, development, real)
        for name, pipeline in (
            ("**SIGAP's pipeline (in use)**", _OURS),
            ("Rasa's stock features + LogisticRegressionClassifier", _STOCK_LINEAR),
            (f"what `rasa init` writes: DIET, {_STOCK_EPOCHS} epochs", _STOCK),
        )
    ]
    rows.append(_spacy_textcat(chosen, development, real))
    return (
        f"## Whole Rasa pipelines, the same random {_STOCK_SHARE:.0%} of the training messages ({len(chosen)})\n\n"
        "Times include Rasa's own overhead (imports aside). DIET gets a tenth of the data and "
        f"{_STOCK_EPOCHS} of its 100 epochs, because all of both take hours on two cores; the other lines get the same "
        "tenth, so the lines compare with each other and not with the table above.\n\n" + _table(rows)
    )


def _rasa(
    name: str,
    pipeline: list[dict[str, Any]],
    training: list[Labelled],
    development: list[Labelled],
    real: list[Labelled],
) -> Row:
    from rasa.core.agent import Agent
    from rasa.model_training import train

    folder = Path(tempfile.mkdtemp())
    try:
        config, data = folder / "config.yml", folder / "nlu.yml"
        writer = YAML()
        with config.open("w") as file:
            writer.dump({"recipe": "default.v1", "assistant_id": "bench", "language": "id", "pipeline": pipeline}, file)
        with data.open("w") as file:
            writer.dump({"version": "3.1", "nlu": _examples(training)}, file)
        started = time.perf_counter()
        model = train(str(ROOT / "domain.yml"), str(config), [str(data)], str(folder), force_training=True).model
        seconds = time.perf_counter() - started
        agent = Agent.load(model)
        loop = asyncio.new_event_loop()
        times: list[float] = []

        def understand(text: str) -> dict[str, Any]:
            began = time.perf_counter()
            parsed: dict[str, Any] = loop.run_until_complete(agent.parse_message(text))
            times.append(time.perf_counter() - began)
            return parsed

        plain = [Labelled(message.text, message.intents, message.style, None) for message in development]
        right = evaluation.evaluate(plain, understand).accuracy
        real_right = evaluation.evaluate(real, understand).accuracy if real else None
        return Row(name, right, real_right, seconds, statistics.median(times), _megabytes())
    finally:
        shutil.rmtree(folder)


def _spacy_textcat(training: list[Labelled], development: list[Labelled], real: list[Labelled]) -> Row:
    """The text classifier of spaCy (bag of words, its fast architecture) on Indonesian blank tokens."""
    import spacy
    from spacy.training import Example

    labels = sorted({message.intents[0] for message in training})
    nlp = spacy.blank("id")
    textcat = nlp.add_pipe("textcat", config={"model": {"@architectures": "spacy.TextCatBOW.v2", **_BOW}})
    for label in labels:
        textcat.add_label(label)
    examples = [
        Example.from_dict(nlp.make_doc(message.text), {"cats": {name: name == message.intents[0] for name in labels}})
        for message in training
    ]
    started = time.perf_counter()
    nlp.initialize(lambda: examples)
    shuffled = random.Random(_SEED)
    for _ in range(_TEXTCAT_EPOCHS):
        shuffled.shuffle(examples)
        for first in range(0, len(examples), 64):
            nlp.update(examples[first : first + 64])
    seconds = time.perf_counter() - started
    times: list[float] = []

    def accuracy(messages: list[Labelled]) -> float | None:
        hits = []
        for message in messages:
            began = time.perf_counter()
            cats = nlp(message.text).cats
            times.append(time.perf_counter() - began)
            hits.append(max(cats, key=lambda name: cats[name]) in message.intents)
        return sum(hits) / len(hits) if hits else None

    right, real_right = accuracy(development) or 0.0, accuracy(real)
    name = f"spaCy textcat (bag of words), {_TEXTCAT_EPOCHS} epochs"
    return Row(name, right, real_right, seconds, statistics.median(times), _megabytes())


class _Ensemble:
    """Adds the linear SVM's and naive Bayes' confidences."""

    def __init__(self) -> None:
        self._svm = LinearSVC(C=0.5, tol=0.1, random_state=_SEED)
        self._bayes = ComplementNB(alpha=0.1)

    def fit(self, features: Any, labels: Any) -> _Ensemble:
        """Fit both."""
        self._svm.fit(features, labels)
        self._bayes.fit(features, labels)
        return self

    def predict(self, features: Any) -> Any:
        """The intent with the highest sum."""
        scores = softmax(self._svm.decision_function(features) / 0.2, axis=1) + self._bayes.predict_proba(features)
        return self._svm.classes_[np.argmax(scores, axis=1)]


def _examples(messages: list[Labelled]) -> list[dict[str, Any]]:
    by_intent: dict[str, list[str]] = {}
    for message in messages:
        by_intent.setdefault(message.intents[0], []).append(message.text)
    return [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)} for intent, texts in by_intent.items()
    ]


def _title(training: list[Labelled], development: list[Labelled], real: list[Labelled]) -> str:
    sample = (
        f"; {len(real)} real public messages that are not in the repository (`--real FILE`)"
        if real
        else "; no file of real messages was given"
    )
    return (
        "# Measurements\n\n"
        "Written by `make bench`; not to be edited. All lines of a table come from one run on one machine: compare "
        "them with each other, not with other machines.\n\n"
        f"Python {platform.python_version()}, {os.cpu_count()} cores. {len(training)} training messages, "
        f"{len(development)} development messages written without sight of them{sample}. Accuracy counts any "
        "acceptable intent. Memory is the peak of the process so far, so it only grows from line to line."
    )


def _table(rows: list[Row]) -> str:
    lines = [
        "| | development | real | training s | against first | parse ms | peak MB |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        real = f"{row.real:.1%}" if row.real is not None else "-"
        lines.append(
            f"| {row.name} | {row.development:.1%} | {real} | {row.training:.1f} "
            f"| {row.training / rows[0].training:.2f}x | {row.parse * 1000:.1f} | {row.megabytes:.0f} |"
        )
    return "\n".join(lines)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
