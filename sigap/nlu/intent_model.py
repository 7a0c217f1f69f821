"""The intent model: linear, on words and character n-grams, with confidences that mean what they say."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from scipy.special import logsumexp, softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split
from sklearn.svm import LinearSVC

FloatArray = NDArray[np.float32]

# What each part sees: standard words; character n-grams of the standard text, for endings and typing mistakes; the
# same of the message as typed, for what the lexicon does not know; the last words once more, because a long story
# usually ends with the wish. Chosen by measurement: docs/benchmark.md.
VIEWS: dict[str, dict[str, Any]] = {
    "words": {"token_pattern": r"\S+", "ngram_range": (1, 2)},
    "characters": {"analyzer": "char_wb", "ngram_range": (3, 5), "min_df": 2},
    "typed": {"analyzer": "char_wb", "ngram_range": (3, 5), "min_df": 2},
    "ending": {"token_pattern": r"\S+", "ngram_range": (1, 2)},
}
WEIGHTS = {"ending": 0.5}
_ENDING_WORDS = 6
# Liblinear's default tolerance of 1e-4 takes several times as long for the same accuracy.
SVM: dict[str, Any] = {"C": 0.5, "tol": 0.1, "random_state": 20170807}
_LEARNT_FROM, _HELD_OUT = 0.5, 0.2


@dataclass(frozen=True)
class Reading:
    """A message as the model sees it: as typed (folded to lower case), and in standard words."""

    typed: str
    standard: str

    def view(self, name: str) -> str:
        """The text for one of the model's parts."""
        if name == "ending":
            return " ".join(self.standard.split()[-_ENDING_WORDS:])
        return self.typed if name == "typed" else self.standard


class IntentModel:
    """Ranks intents for a message. Immutable after `train` or `load`; safe to share between threads.

    `weights` has a row per feature and a column per intent: a message touches a few hundred rows of 250,000.
    """

    def __init__(
        self,
        vectorizers: dict[str, TfidfVectorizer],
        weights: FloatArray,
        bias: FloatArray,
        intents: list[str],
        temperature: float,
        examples: dict[str, str],
    ) -> None:
        self._vectorizers = vectorizers
        self._parts = {name: _OneMessage(part, WEIGHTS.get(name, 1.0)) for name, part in vectorizers.items()}
        self._weights = weights
        self._bias = bias
        self.intents = intents
        self.temperature = temperature
        self._examples = examples

    @classmethod
    def train(cls, readings: Sequence[Reading], intents: Sequence[str]) -> IntentModel:
        """Fit on labelled messages; the same messages always give the same model."""
        vectorizers = {
            name: TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **options) for name, options in VIEWS.items()
        }
        features = hstack(
            [
                part.fit_transform([reading.view(name) for reading in readings]) * WEIGHTS.get(name, 1.0)
                for name, part in vectorizers.items()
            ],
            format="csr",
        )
        labels = np.asarray(intents)
        # Liblinear lets other threads run, so neither waits for the other.
        svm, temperature = Parallel(n_jobs=2, prefer="threads")(
            [delayed(_svm)(features, labels), delayed(_temperature)(features, labels)]
        )
        return cls(
            vectorizers,
            np.ascontiguousarray(svm.coef_.T, dtype=np.float32),
            svm.intercept_.astype(np.float32),
            [str(intent) for intent in svm.classes_],
            temperature,
            {reading.typed: intent for reading, intent in zip(readings, intents)},
        )

    def rank(self, reading: Reading) -> list[tuple[str, float]]:
        """All intents with their probabilities, likeliest first.

        A training example, repeated word for word, is certain: whoever teaches SIGAP a sentence may rely on it.
        """
        scores, offset = self._bias.copy(), 0
        for name, part in self._parts.items():
            indices, values = part.features(reading.view(name))
            # Not "@": BLAS would wake all its threads for a product this small, and they spin for milliseconds.
            scores += np.einsum("i,ij->j", values, self._weights[indices + offset])
            offset += part.width
        probabilities = softmax(scores / self.temperature)
        if taught := self._examples.get(reading.typed):
            probabilities = np.full(len(self.intents), 0.0)
            probabilities[self.intents.index(taught)] = 1.0
        order = np.argsort(-probabilities, kind="stable")
        return [(self.intents[index], float(probabilities[index])) for index in order]

    def save(self, folder: Path) -> None:
        """Write plain arrays and JSON: nothing that could run code when it is read back."""
        vocabularies = {name: list(_by_index(part.vocabulary_)) for name, part in self._vectorizers.items()}
        (folder / "model.json").write_text(
            json.dumps(
                {
                    "intents": self.intents,
                    "temperature": self.temperature,
                    "examples": self._examples,
                    "vocabularies": vocabularies,
                },
                ensure_ascii=False,
            ),
            encoding="utf-8",
        )
        idfs = {f"idf_{name}": part.idf_.astype(np.float32) for name, part in self._vectorizers.items()}
        # Half precision halves the size and changes no decision. Compressed here, because Rasa packs a model with
        # gzip's slowest level, which takes twenty seconds over this array as it is.
        np.savez_compressed(folder / "model.npz", weights=self._weights.astype(np.float16), bias=self._bias, **idfs)

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read what `save` wrote."""
        content = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        with np.load(folder / "model.npz", allow_pickle=False) as arrays:
            vectorizers = {}
            for name, options in VIEWS.items():
                part = TfidfVectorizer(
                    sublinear_tf=True, dtype=np.float32, vocabulary=content["vocabularies"][name], **options
                )
                part.idf_ = arrays[f"idf_{name}"]
                vectorizers[name] = part
            return cls(
                vectorizers,
                arrays["weights"].astype(np.float32),
                arrays["bias"],
                content["intents"],
                content["temperature"],
                content["examples"],
            )


class _OneMessage:
    """A fitted vectorizer for one message at a time: what its `transform` gives, times `weight`, without the overhead.

    scikit-learn builds and checks several sparse matrices for each call, which is most of the time for one message.
    """

    def __init__(self, vectorizer: TfidfVectorizer, weight: float) -> None:
        self._weight = np.float32(weight)
        self._analyze = vectorizer.build_analyzer()
        self._vocabulary: dict[str, int] = vectorizer.vocabulary_
        self._idf: FloatArray = vectorizer.idf_.astype(np.float32)
        self.width = len(self._vocabulary)

    def features(self, text: str) -> tuple[NDArray[np.int64], FloatArray]:
        """Indices and values of the features of a text."""
        known = (self._vocabulary.get(gram) for gram in self._analyze(text))
        counts = Counter(index for index in known if index is not None)
        indices = np.fromiter(counts, dtype=np.int64, count=len(counts))
        values = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        values = (1 + np.log(values)) * self._idf[indices]
        return indices, values * (self._weight / (np.linalg.norm(values) or 1))


def _by_index(vocabulary: dict[str, int]) -> list[str]:
    return sorted(vocabulary, key=vocabulary.__getitem__)


def _svm(features: csr_matrix, labels: Any) -> LinearSVC:
    return LinearSVC(**SVM).fit(features, labels)


def _temperature(features: csr_matrix, labels: Any) -> float:
    """The softmax temperature that makes the confidences on held-out messages likeliest (Guo et al. 2017)."""
    # Half of the messages are enough to learn how sure is too sure, in half the time.
    parts = train_test_split(
        features,
        labels,
        train_size=_LEARNT_FROM,
        test_size=_HELD_OUT,
        stratify=labels,
        random_state=SVM["random_state"],
    )
    learn, held_out, learn_labels, held_out_labels = parts
    svm = _svm(learn, learn_labels)
    scores = svm.decision_function(held_out)
    right = np.searchsorted(svm.classes_, held_out_labels)

    def loss(log_temperature: float) -> float:
        scaled = scores / np.exp(log_temperature)
        return float(np.mean(logsumexp(scaled, axis=1) - scaled[np.arange(len(right)), right]))

    return float(np.exp(minimize_scalar(loss, bounds=(-4.0, 2.0), method="bounded").x))
