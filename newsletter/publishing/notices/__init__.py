"""Mails that are no editions: confirmations to people, mails to staff, proofs.

confirmations.py and staff_mail.py queue them; delivery/single_mails.py sends them. Open staff_mail.py first.
"""
