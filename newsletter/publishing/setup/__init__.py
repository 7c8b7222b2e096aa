"""A site made ready and looked over: its database, ``newsletter check``, and the way from practice to real mail.

check.py and go_live.py are the two commands; open check.py first.
"""
