"""The Django app of this package."""

from django.apps import AppConfig


class NewsletterConfig(AppConfig):
    name = "newsletter"
