"""The commands, a module a noun: what staff type, which function of newsletter/publishing it calls, what is printed.

No rule lives here: a web page calls the same functions. editions.py shows how all of them are built; open it first.
"""
