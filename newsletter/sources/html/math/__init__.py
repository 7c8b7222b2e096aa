"""Formulas, in whatever markup a page has them, as one line of text that a mail can show.

find.py finds them in a page, mathml.py writes MathML out; open find.py first.
"""
