"""The compiled message: encoded once per variant, split where personal values go, spliced for each recipient.

``compile_message`` does the slow part, ``CompiledMessage.splice`` joins bytes (tens of microseconds). The
result is a finished RFC 5322 message with CRLF line ends; dot-stuffing it, if it were needed, is the
transport's.
"""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.errors import UnsafeValue
from newsletter.rendering.mail_parts import Frame, Personal, Rendered
from newsletter.rendering.mime import headers, merge_tags, quoted_printable

#: In quoted-printable "=" is always followed by two hexadecimal digits or a line end, so this line cannot
#: occur in a part, whatever a post or a person contains (RFC 2045 §6.7, RFC 2046 §5.1.1).
_BOUNDARY = "=_newsletter"

#: (name of the personal value, whether it stands in HTML)
_Slot = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class CompiledMessage:
    """One variant, ready for anybody. Holds nothing of any recipient and may be shared by threads."""

    #: The header fields that are the same for everyone.
    _head: bytes
    #: The body in pieces; a piece whose place is in ``_places`` is empty and waits for that slot's value.
    _pieces: tuple[bytes, ...]
    _places: tuple[tuple[int, _Slot], ...]
    #: An edition must carry a way out; a notice need not.
    _needs_unsubscribe: bool

    def splice(self, personal: Personal) -> bytes:
        """The finished message for one recipient.

        Raises UnsafeValue when a value would break out of its place: an address or identifier that is none, a
        header value with a control character, a link that is not a plain web address.
        """
        pieces = list(self._pieces)
        encoded: dict[_Slot, bytes] = {}
        for place, slot in self._places:
            if slot not in encoded:
                encoded[slot] = _encoded(slot, personal)
            pieces[place] = encoded[slot]
        return b"".join((self._personal_fields(personal), self._head, *pieces))

    def _personal_fields(self, personal: Personal) -> bytes:
        fields = [
            headers.to(personal.name, personal.address),
            headers.date(personal.date),
            headers.message_id("Message-ID", personal.message_id),
            # A relay may rewrite Message-ID; logs and bounces are matched by this one.
            headers.message_id("X-Newsletter-Message", personal.message_id),
        ]
        if personal.unsubscribe_url or self._needs_unsubscribe:
            fields.append(headers.list_unsubscribe(personal.unsubscribe_url, personal.unsubscribe_mailbox))
        return b"".join(fields)


def compile_message(rendered: Rendered, frame: Frame, *, notice: bool = False) -> CompiledMessage:
    """Encode one variant. With ``notice`` it is an automatic mail to one person (RFC 3834) and no list mail.

    Raises UnsafeValue when a header of the frame cannot be written, or a mark stands in the subject.
    """
    if merge_tags.pattern(rendered.marks).search(rendered.subject):
        raise UnsafeValue("a personal value must not stand in the subject: it is the same for everyone")
    pieces: list[bytes] = []
    places: list[tuple[int, _Slot]] = []
    _part("text/plain", rendered.text, rendered.marks, False, pieces, places)
    _part("text/html", rendered.html, rendered.marks, True, pieces, places)
    pieces.append(f"\r\n--{_BOUNDARY}--\r\n".encode("ascii"))
    return CompiledMessage(_head(rendered.subject, frame, notice), tuple(pieces), tuple(places), not notice)


def _head(subject: str, frame: Frame, notice: bool) -> bytes:
    fields = [
        headers.mailbox("From", frame.from_name, frame.from_address),
        headers.mailbox("Reply-To", "", frame.reply_to) if frame.reply_to else b"",
        headers.unstructured("Subject", subject),
        headers.plain("Auto-Submitted", "auto-generated") if notice else _list_fields(frame),
        headers.plain("MIME-Version", "1.0"),
        f'Content-Type: multipart/alternative; boundary="{_BOUNDARY}"\r\n\r\n'.encode("ascii"),
    ]
    return b"".join(fields)


def _list_fields(frame: Frame) -> bytes:
    """What makes it list mail (RFC 2919, RFC 2369, and Gmail's Feedback-ID).

    Help and owner are the mailbox that people may answer to; nobody but staff can post.
    """
    fields = [headers.list_id(frame.site_title, frame.list_id)]
    if frame.reply_to:
        for field, subject in (("List-Help", "help"), ("List-Owner", "")):
            fields.append(headers.uris(field, headers.mailto(frame.reply_to, subject, field)))
    fields.append(headers.plain("List-Post", "NO"))
    if frame.archive_url:
        fields.append(headers.uris("List-Archive", headers.checked_link(frame.archive_url, "List-Archive")))
    if frame.feedback_id:
        fields.append(headers.plain("Feedback-ID", frame.feedback_id))
    fields.append(headers.plain("Precedence", "bulk"))
    return b"".join(fields)


def _part(
    media: str,
    content: str,
    marked: dict[str, str],
    is_html: bool,
    pieces: list[bytes],
    places: list[tuple[int, _Slot]],
) -> None:
    """One part of the body, in pieces. Split at the marks: even are ours, odd are marks."""
    pieces.append(
        f"{'' if not pieces else chr(13) + chr(10)}--{_BOUNDARY}\r\nContent-Type: {media}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n".encode("ascii")
    )
    names = {mark: name for name, mark in marked.items()}
    split = merge_tags.pattern(marked).split(content)
    for number, text in enumerate(split):
        if number % 2:
            places.append((len(pieces), (names[text], is_html)))
            pieces.append(b"")
        else:
            pieces.append(quoted_printable.encode(text, open_end=number < len(split) - 1))


def _encoded(slot: _Slot, personal: Personal) -> bytes:
    """One value, encoded to follow a soft break and to end in one."""
    name, is_html = slot
    return quoted_printable.encode(merge_tags.value(name, personal, is_html=is_html), open_end=True)
