"""Who gets mail: people, what they agreed to, and who must never be mailed. Nothing here sends."""
