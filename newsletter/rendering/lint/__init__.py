"""What is wrong with one rendered variant: each finding with its cure and its place.

rules.py asks the modules beside it, one a subject; open it first. Whether a finding stops an edition is decided in
publishing/editions/lint.py.
"""
