"""What an edition is: its campaign, its posts, the frozen parts, the variants, the lint, previews, counts.

compose.py makes one and is to be opened first. When it goes is told in schedule, what staff decide about it in
decisions.
"""
