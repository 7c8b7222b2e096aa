"""What takes a finished message: SMTP, or the outbox on disk. No edition or subscriber is known here."""
