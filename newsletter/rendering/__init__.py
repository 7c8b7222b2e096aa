"""From frozen posts and a frame to the bytes of a mail. Pure: no database, no network, no clock.

email.py renders one variant and is to be opened first. plaintext writes its text part, templates fills Jinja2, mime
makes headers and encoded bytes of it, lint looks for faults.
"""
