"""Jinja2: which template files there are, and how they are filled without harm.

environment.py fills ours, sandbox.py a site's own in a process apart (worker.py). Open environment.py first.
rendering/context.py says what they are filled with.
"""
