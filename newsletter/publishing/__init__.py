"""Where the floors meet: each package reads stored facts and writes the next; no callbacks.

A post's way: ingest (source → post) → editions (what a mail says) → schedule (when, and to whom) → delivery (onto the
wire) → ledger (who has what). Beside it: decisions of staff, notices, public pages and feeds, subscriptions, setup, and
explain, which says why. Open schedule/tick.py first: the rest hangs on it.
"""
