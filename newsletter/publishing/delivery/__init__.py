"""From enqueued mail to the relay: claim, splice, send, record, try again.

deliver.py takes the deliveries of editions and is to be opened first, single_mails.py confirmations and mails to staff.
SMTP itself is newsletter/transports' part.
"""
