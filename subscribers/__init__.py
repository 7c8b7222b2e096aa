"""Who: subscribers, what they agreed to, and who must never be mailed. It sends nothing and knows no edition."""
