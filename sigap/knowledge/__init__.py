"""A typed view of data/knowledge, the facts that content editors keep."""

from sigap.knowledge.models import (
    Confidence,
    Fact,
    Fee,
    KnowledgeError,
    Office,
    Place,
    Requirement,
    Stage,
    Topic,
)
from sigap.knowledge.offices import Offices
from sigap.knowledge.store import Knowledge

__all__ = [
    "Confidence",
    "Fact",
    "Fee",
    "Knowledge",
    "KnowledgeError",
    "Office",
    "Offices",
    "Place",
    "Requirement",
    "Stage",
    "Topic",
]
