"""The desk: pages for staff at /desk/. Thin: each asks newsletter/publishing for facts, or calls one of its decisions.

urls.py lists every page with what somebody must be allowed to do for it; access.py is the door. Open urls.py first.
"""
