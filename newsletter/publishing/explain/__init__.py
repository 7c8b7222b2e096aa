"""Why did this mail, or this post, reach her, or not? Answered out of the ledger in one sentence.

explain.py gathers the facts and is to be opened first, sentences.py decides and words the answer.
"""
