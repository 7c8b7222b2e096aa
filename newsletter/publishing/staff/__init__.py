"""Who may use the desk: accounts, roles, and the one-time links with which passwords are set.

accounts.py is to be opened first. What each role may do is in roles.py; logging in and its pages are web/desk's part.
"""
