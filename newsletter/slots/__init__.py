"""When a campaign's mail is due: local hours and days, the zone's clock changes, dates without mail.

Nothing here knows a campaign or a database. arithmetic.py finds the next slot, wording.py says one in words,
blackout.py leaves days out; open arithmetic.py first.
"""
