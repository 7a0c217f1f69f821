"""How far the trained model's confidence can be trusted: the ground for the thresholds in config.yml."""

from __future__ import annotations

from itertools import pairwise

from sigap.benchmarks.report import Messages, replace
from sigap.evaluation import FALLBACK, Labelled
from sigap.understand import Understanding

HEADING = "## Confidence"
_BINS = (0.0, 0.2, 0.35, 0.5, 0.7, 0.9, 1.01)
_THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)

Guess = tuple[float, bool]


def measure(messages: Messages) -> None:
    """Measure the newest model on the messages it has not seen, and write the section."""
    understanding = Understanding.load()
    sets = {"development": messages.development, "real": messages.real}
    guesses = {name: [_guess(understanding, message) for message in chosen] for name, chosen in sets.items() if chosen}
    parts = [
        "The likeliest intent of the newest model, before any threshold. Confidence is calibrated when the share that "
        "is right equals the confidence.",
        *(_reliability(name, found) for name, found in guesses.items()),
        "What a threshold costs: below it, SIGAP asks back instead of answering (config.yml uses 0.35).",
        *(_costs(name, found) for name, found in guesses.items()),
    ]
    replace(HEADING, "\n\n".join(parts))


def _guess(understanding: Understanding, message: Labelled) -> Guess:
    ranking = understanding.of(message.text)["intent_ranking"]
    best = next(guess for guess in ranking if guess["name"] != FALLBACK)
    return float(best["confidence"]), best["name"] in message.intents


def _reliability(name: str, guesses: list[Guess]) -> str:
    lines = ["| confidence | messages | right |", "| --- | --- | --- |"]
    for low, high in pairwise(_BINS):
        inside = [right for confidence, right in guesses if low <= confidence < high]
        share = f"{sum(inside) / len(inside):.0%}" if inside else "-"
        lines.append(f"| {low:.2f} to {min(high, 1):.2f} | {len(inside)} | {share} |")
    return f"{name}, {len(guesses)} messages:\n\n" + "\n".join(lines)


def _costs(name: str, guesses: list[Guess]) -> str:
    lines = [
        f"| threshold ({name}) | asked back | of which would have been right | wrong answers left |",
        "| --- | --- | --- | --- |",
    ]
    for threshold in _THRESHOLDS:
        below = [right for confidence, right in guesses if confidence < threshold]
        wrong = sum(not right for confidence, right in guesses if confidence >= threshold)
        lines.append(
            f"| {threshold:.2f} | {len(below) / len(guesses):.1%} | {sum(below)} | {wrong / len(guesses):.1%} |"
        )
    return "\n".join(lines)
