"""What staff decide about an edition (edition_actions.py) or a post (post_actions.py), from the command line or a page.

Cancelling an edition is here. What happens by the clock is told in schedule.
"""
