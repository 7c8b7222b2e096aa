"""Asking other servers, safely: addresses are checked before a connection, bodies are bounded, encodings are told.

What is asked, and what an answer means, is known to newsletter/sources and newsletter/publishing. Whoever asks a server
goes through client.py; open it first.
"""
