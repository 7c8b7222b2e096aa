"""The Django app of this package."""

from django.apps import AppConfig


class SubscribersConfig(AppConfig):
    name = "subscribers"
