"""Pictures of a post: which address is the true one, how large it is shown, and the bytes of those written into the
text.

content_images.py goes through a post's pictures and asks the others; open it first. Pictures beside the files of a
folder are sources/folder/images.py's part.
"""
