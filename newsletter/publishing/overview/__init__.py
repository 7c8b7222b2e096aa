"""What staff see at a glance: what goes next and to how many, what is going, what needs them, what became of the last.

today.py gathers it from stored facts and decides nothing; the desk shows it. Why one person got something or did not is
told in explain.
"""
