"""Blocks of a post that need rules of their own: tables, code, footnotes, and what other sites embed.

tables.py is the one to open first. What every element may carry is in element_rules.py beside this package.
"""
