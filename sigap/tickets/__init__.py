"""Tickets and day sheets to look at and to print. Knows how they look, never what they say: all wording comes in."""

from sigap.tickets.picture import Section, TicketPicture, draw

__all__ = ["Section", "TicketPicture", "draw"]
