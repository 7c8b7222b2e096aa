"""Lists of people as files of other systems, in and out: columns, statuses, who had left there.

imports.py reads one, exports.py writes one; open imports.py first. Taking people in is publishing/subscriptions' part.
"""
