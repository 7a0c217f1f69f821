"""Complaints, praise, and asking for an officer."""

from sigap.feedback.service import Category, Feedback

__all__ = ["Category", "Feedback"]
