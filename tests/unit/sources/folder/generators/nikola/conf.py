BLOG_TITLE = "Choir on Tuesdays"
SITE_URL = "https://choir.example.org/"
