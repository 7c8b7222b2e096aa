"""Every error that this package raises on purpose. Messages are sentences for staff and say what to do next.

::

    NewsletterError                 a person can do something about it; shown as one sentence, exit code 1
    ├── SourceError                 a source or a page could not be read
    │   └── FetchRefused            an address that must not be fetched (private target, too large, wrong scheme)
    ├── RenderError                 a template or a post that cannot be rendered; names file and line
    │   └── UnsafeValue             a value that would break out of the header it was meant for
    ├── TransportError              the relay could not be used at all; no recipient is to blame
    │   └── SenderRefused           the relay refuses *us* (log-in, policy, certificate): the run stops
    ├── TooLarge                    the relay takes no message of this size: its edition waits, the others go on
    ├── NotFound                    no such post, edition, campaign, subscriber
    ├── Refused                     a rule of ours says no (not live, nothing to send, already sent)
    └── IllegalMove                 a row was asked to go from one state to another that its rules do not allow

    ConfigError                     apart: the configuration is wrong, nothing was started
"""


class NewsletterError(Exception):
    """The base of all errors that are shown as one sentence and never as a traceback."""


class SourceError(NewsletterError):
    """A source or a page could not be read. The message names the file or address, and the reason."""


class FetchRefused(SourceError):
    """An address that must not be fetched: a private target, a scheme other than http(s), too many bytes."""


class RenderError(NewsletterError):
    """A template or a post that cannot be rendered. The message names the file and the line."""


class UnsafeValue(RenderError):
    """A value that would break out of the place it was meant for, such as a header with a line break."""


class TransportError(NewsletterError):
    """The relay could not be used at all, so no recipient is to blame and nothing was lost."""


class SenderRefused(TransportError):
    """The relay refuses the sender: log-in, certificate or policy. The run stops.

    ``of_message``: it said so when it had the message. Nobody is blamed, but this mail must not be the first one that
    is tried again, or one that the relay refuses would keep all others.
    """

    def __init__(self, sentence: str, *, of_message: bool = False) -> None:
        super().__init__(sentence)
        self.of_message = of_message


class TooLarge(NewsletterError):
    """The relay takes no message of this size. It was not taken; smaller ones may be."""


class NotFound(NewsletterError):
    """No post, edition, campaign, source or subscriber of that name."""


class Refused(NewsletterError):
    """A rule of ours says no, and the message says which and what to do instead."""


class IllegalMove(NewsletterError):
    """A row was asked to go from one state to another that its rules do not allow."""


class ConfigError(Exception):
    """The configuration is wrong. ``problems`` has one entry a mistake: (key, what is wrong and what is expected)."""

    def __init__(self, file: str, problems: list[tuple[str, str]], *, found: bool = True) -> None:
        self.file = file
        self.problems = problems
        if not found:
            super().__init__(f"{file}: {problems[0][1]}")
            return
        lines = "\n".join(f"  {key}: {problem}" for key, problem in problems)
        count = "1 mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
        super().__init__(f"{file} has {count}:\n{lines}")
