"""Features and classifiers for the intent, all on the same training messages."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from scipy.sparse import hstack
from scipy.special import softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from sigap.benchmarks.report import Messages, Row, in_own_process, peak_megabytes, replace, table
from sigap.evaluation import Labelled
from sigap.knowledge.store import load_once
from sigap.language.concepts import concepts
from sigap.language.indonesian import lemmas, normaliser
from sigap.language.text import fold
from sigap.nlu.intent_model import SVM, VIEWS, WEIGHTS, Reading
from sigap.settings import KNOWLEDGE, LANGUAGE

HEADING = "## Features and classifiers"
_WORDS, _CHARACTERS = VIEWS["words"], VIEWS["characters"]
# View, options of its vectorizer, weight.
View = tuple[str, dict[str, Any], float]
_ONE_MESSAGE = 100


def measure(messages: Messages) -> None:
    """Measure each candidate and write the section."""
    sets = tuple(Texts(part) for part in (messages.training, messages.development, messages.real))
    rows = [in_own_process(_fit, name, views, make, *sets) for name, views, make in _candidates()]
    replace(HEADING, f"{messages}\n\n{table(rows)}")


class Texts:
    """A set of messages as the candidates see them."""

    def __init__(self, messages: Sequence[Labelled]) -> None:
        knowledge = load_once(KNOWLEDGE)
        read, lemma, ideas = normaliser(LANGUAGE, knowledge.offices.words), lemmas(), concepts(LANGUAGE)
        words = [[word.text for word in read.words(message.text)] for message in messages]
        self.messages = messages
        readings = [
            Reading(" ".join(fold(message.text).split()), " ".join(row)) for message, row in zip(messages, words)
        ]
        self.views = {
            **{name: [reading.view(name) for reading in readings] for name in VIEWS},
            "lemma": [" ".join(lemma.get(word, word) for word in row) for row in words],
            "concept": [" ".join(ideas.of(row)) for row in words],
        }


def _candidates() -> list[tuple[str, list[View], Callable[[], Any]]]:
    svm = partial(LinearSVC, **SVM)
    logistic = partial(LogisticRegression, C=20, solver="saga", max_iter=20, tol=1e-2, random_state=SVM["random_state"])
    used: list[View] = [(name, options, WEIGHTS.get(name, 1.0)) for name, options in VIEWS.items()]
    words, characters, typed = (view for view in used if view[0] != "ending")
    return [
        ("**standard words + characters + typed characters + last words, linear SVM (in use)**", used, svm),
        ("without the last words", [words, characters, typed], svm),
        ("without the typed characters too", [words, characters], svm),
        ("standard words only", [words], svm),
        ("as typed: words + characters", [("typed", _WORDS, 1.0), ("typed", _CHARACTERS, 1.0)], svm),
        ("lemmas + characters", [("lemma", _WORDS, 1.0), characters], svm),
        ("in use + concepts", [*used, ("concept", _WORDS, 1.0)], svm),
        ("in use, complement naive Bayes instead", used, partial(ComplementNB, alpha=0.1)),
        ("in use, sum of the confidences of both", used, _Ensemble),
        ("standard words + characters, logistic regression", [words, characters], logistic),
    ]


def _fit(
    name: str, views: list[View], make: Callable[[], Any], training: Texts, development: Texts, real: Texts
) -> Row:
    began = time.process_time()
    parts = [
        (view, weight, TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **options))
        for view, options, weight in views
    ]
    features = hstack([part.fit_transform(training.views[view]) * weight for view, weight, part in parts], format="csr")
    model = make().fit(features, [message.intents[0] for message in training.messages])
    seconds = time.process_time() - began

    def predict(texts: dict[str, list[str]], index: slice) -> Any:
        seen = [part.transform(texts[view][index]) * weight for view, weight, part in parts]
        return model.predict(hstack(seen, format="csr"))

    def accuracy(texts: Texts) -> float | None:
        if not texts.messages:
            return None
        guesses = predict(texts.views, slice(None))
        return float(np.mean([guess in message.intents for guess, message in zip(guesses, texts.messages)]))

    times = []
    for position in range(_ONE_MESSAGE):
        began = time.process_time()
        predict(development.views, slice(position, position + 1))
        times.append(time.process_time() - began)
    return Row(name, accuracy(development) or 0.0, accuracy(real), seconds, statistics.median(times), peak_megabytes())


class _Ensemble:
    """Adds the linear SVM's and naive Bayes' confidences."""

    def __init__(self) -> None:
        self._svm = LinearSVC(**SVM)
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
