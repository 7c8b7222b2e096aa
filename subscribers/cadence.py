"""How often a person wants mail: the one list of cadences, and nothing of hours or zones."""

from enum import StrEnum


class Cadence(StrEnum):
    """The subscriber's choice; the cadences divide the people, so that nobody is in two."""

    #: One mail for each post, when it is released.
    EACH_POST = "each-post"
    #: One digest a day.
    DAILY = "daily"
    #: One digest a week.
    WEEKLY = "weekly"
    #: One digest a month.
    MONTHLY = "monthly"
