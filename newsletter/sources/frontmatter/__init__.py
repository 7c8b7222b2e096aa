"""The keys and values above a post's text: where they end, how they are written, what they mean.

split.py parts them from the text and is to be opened first; keys.py says what a key means, whatever an author's tool
calls it. The text below is sources/markup's part.
"""
