"""What takes a finished message: SMTP, or the outbox on disk. Nothing here knows an edition or a subscriber."""
