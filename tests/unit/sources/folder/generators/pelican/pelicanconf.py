AUTHOR = "Noor Visser"
SITENAME = "Bee Lines"
PATH = "content"
TIMEZONE = "Europe/Rome"
