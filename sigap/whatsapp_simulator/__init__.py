"""A stand-in for Meta's WhatsApp Cloud API, for development and tests: a real HTTP server with a page to chat through.

It holds to the documented limits by itself and shares no code with the channel, so that each checks the other.
"""
