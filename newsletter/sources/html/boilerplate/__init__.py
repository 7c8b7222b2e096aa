"""What stands in or around a post for its site's sake: share bars, menus, related posts, "Continue reading".

markup.py takes it out of a post's HTML, lines.py knows it by its words on a page of text. The modules named after what
they hold (class_names, phrases, link_phrases) are lists. Open markup.py first.
"""
