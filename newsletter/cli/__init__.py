"""The command line. main.py puts the commands together, bootstrap.py makes a site ready for them, output.py speaks.

The commands themselves are in commands/, a module a noun; what they do is decided in newsletter/publishing. Open
main.py first.
"""
