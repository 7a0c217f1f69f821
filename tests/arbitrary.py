"""Texts that nobody would think of: hypothesis strategies shared by the tests."""

from __future__ import annotations

from hypothesis import strategies as st

# Half an emoji, a ligature of four words, letters that fold to nothing or to two, invisible joiners, doubling signs.
_NASTY = ["\ud83d", "\udc4d", "ﷺ", "ͺ", "ﾞ", "½", "ß", "İ", "\u200d", "\ufe0f", "\u202e", "\x00", "ａ", "𝗽", "👍🏽"]
_SIGNS = [*list("2-'’/\\#.,: \n"), "aaa", "2an", "nya"]

ANY_TEXT = st.lists(st.one_of(st.characters(), st.sampled_from(_NASTY), st.sampled_from(_SIGNS))).map("".join)
"""Everything that can arrive in a JSON string, lone surrogates included, dense with what is known to be awkward."""
