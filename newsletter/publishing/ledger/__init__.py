"""Who has what and who is owed what: the ledger of (person, post), watermarks, release numbers.

owed.py is the rule, pure, and is to be opened first. Deliveries are written by schedule/enqueue.py and delivery.
"""
