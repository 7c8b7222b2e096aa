"""The pages that anybody may see: archive, feeds, sign-up, and what hangs on a personal link."""
