"""Single rules about text that many rooms need: what one letter is, what may be printed, which script runs which way.

Each module is one rule and knows no other; graphemes.py is the one to open first. Dates are in dates.py beside this
package, the names of hosts in host_names.py.
"""
