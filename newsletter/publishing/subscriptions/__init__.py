"""Where consent meets releases: joining, leaving, and lists of people, with the watermark that each starts from.

sign_up.py is to be opened first. What consent is, and who may be mailed, is decided in the package subscribers.
"""
