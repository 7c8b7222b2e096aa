"""From frozen posts and a frame to the bytes of a mail. Pure: no database, no network, no clock."""
