"""What happens by the clock: slots become editions, editions that are due are enqueued to people.

tick.py is the whole of it, step by step; open it first. enqueue.py decides who gets an edition. Slots themselves are
reckoned in newsletter/slots, and the wire is delivery's part.
"""
