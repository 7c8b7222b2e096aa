"""Headers and bodies as bytes on the wire: RFC 5322, 2045, 2047, and the places where personal values are spliced in.

message.py compiles a mail once and splices it for each person; open it first. headers.py makes every header field.
"""
