"""What is sent, and the sending: sources, feeds, rendering, transports, publishing, the web and the command line.

Who it is sent to lives in the package ``subscribers``, which knows nothing of this one.
"""
