"""What a refusal says of a mailbox: that nobody is there, or anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers.feedback import no_such_mailbox

#: As Postfix, sendmail, Exim, qmail, Exchange, Outlook, Gmail, Yahoo, Domino, IronPort, Mimecast and others say it.
NOBODY = """\
550 5.1.1 <sam@example.org>: Recipient address rejected: User unknown in virtual mailbox table
550 5.1.1 <sam@example.org>: Recipient address rejected: User unknown in relay recipient table
550 <sam@example.org>: Recipient address rejected: User unknown in local recipient table
550 5.1.1 <sam@example.org>... User unknown
550 No Such User Here
550 "Unknown User"
550 Unrouteable address
550 Unknown user
550 5.1.1 The email account that you tried to reach does not exist. Please try double-checking the
554 delivery error: dd This user doesn't have a example.com account (sam@example.com) [0] -
554 delivery error: dd Requested mail action aborted, mailbox not found - mta
550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).
550 Requested action not taken: mailbox unavailable
550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient sam@example.org not found by SMTP address lookup
550 5.1.1 RESOLVER.ADR.RecipNotFound; not found
550 sorry, no mailbox here by that name (#5.1.1 - chkuser)
511 sorry, no mailbox here by that name (#5.1.1 - chkuser)
553 sorry, no mailbox here by that name
550 #5.1.0 Address rejected.
550 User sam@example.org not listed in Domino Directory
550 sam@example.org... No such user
550 unknown or illegal alias: sam@example.org
550 MAILBOX NOT FOUND
550 Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550
550 Message was not accepted -- invalid mailbox.  Local mailbox sam@example.org is unavailable: user not
550 <sam@example.org>, Recipient unknown
550 no such user (sam@example.org)
550 5.1.2 <sam@example.org>: Recipient address rejected: Domain not found
550 5.1.2 sam@nowhere.example... Host unknown (Name server: nowhere.example: host not found)
556 5.1.10 Recipient address has null MX
550 5.2.1 The email account that you tried to reach is disabled. Learn more at
550 5.2.1 mailbox disabled, not accepting messages
550 5.1.6 recipient no longer on server: sam@example.org
550 5.1.1 unknown or illegal user: sam@example.org
550 5.1.1 Mailbox does not exist
550 mailbox does not exist
553 5.3.0 <sam@example.org>... No such user here
550 Account does not exist
550 User does not exist
550 This address does not exist
550 sam@example.org does not exist
550 user not found
550 Address unknown
550 5.4.310 DNS domain example.test does not exist [Message=InfoDomainNonexistent]
550 5.1.1 unknown address
551 not our customer
550 no valid recipient here by that name
550 Recipient not found
550 recipient does not exist here
550 There is no such user here
550 Bad destination mailbox address
550 invalid user
550 Unknown local part sam in <sam@example.org>
550 5.0.0 User unknown
550 5.1.1 sam@example.org User unknown
550 Sorry, I couldn't find any host named nowhere.example. (#5.1.2)
550 #5.1.1 sam@example.org: User Unknown
550 That email address is not valid here
550 The user you are trying to reach does not exist
550 5.1.1 Recipient address rejected: undeliverable address: host mx.example.org said: 550 5.1.1
550 User unknown; rejecting
550 Requested action not taken: mailbox unavailable / user not known
550 Mailbox unavailable - does not exist
550 mailbox unavailable or does not exist
550 No such recipient
550 no such address here
550 no such mailbox
550 unknown recipient <spam@example.org>
550 The account is unknown
550 address does not exist
550 the recipient does not exist
550 This user is unknown
550 Not a valid recipient
550 There is no user by that name
550 invalid mailbox
553 Invalid recipient sam@example.org
550 User unknown (no such account)
"""
#: What is said of the message, of us, of a full mailbox, of now, or of both at once.
ELSE = """\
550 5.7.1 Message rejected as spam
550 5.7.1 <sam@example.org>: Recipient address rejected: Access denied
554 5.7.1 <sam@example.org>: Relay access denied
550 5.2.2 mailbox full
552 5.2.2 The email account that you tried to reach is over quota
552 mailbox full, user unknown
550 5.3.4 message too big
450 5.1.1 user unknown
450 4.1.1 user unknown
550 5.1.8 <me@example.org>: Sender address rejected: Domain not found
550 5.1.0 <me@example.org>: Sender address rejected: User unknown in virtual alias table
553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)
550 relay not permitted
550 Administrative prohibition
550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service
554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org
550 blocked for spam: see https://example.org/no-such-user
550 5.7.26 This mail is unauthenticated
550 5.7.1 <no.such.user@example.org>: rejected by policy
550 Mailbox unavailable: over quota
550 5.7.133 sender not authenticated for group
550 rejected
550 Sender verify failed
550 Verification failed for <me@example.org>
554 Transaction failed
550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional
550 5.4.1 Recipient address rejected: Access denied. AS(201806281)
550 Requested action not taken: mailbox unavailable or command rejected for policy reasons
550 5.6.0 content rejected
500 unknown command
502 command not implemented
503 bad sequence
501 5.1.3 bad recipient address syntax
550 mailbox temporarily unavailable
521 host does not accept mail
550 The mail server detected your message as spam and has prevented delivery. User unknown policy.
554 5.7.1 user unknown
550 Mailbox not found or access denied
"""


@pytest.mark.parametrize("line", NOBODY.splitlines())
def test_the_words_of_every_mail_system_for_no_such_user_are_understood(line: str) -> None:
    assert no_such_mailbox(int(line[:3]), line[4:])


@pytest.mark.parametrize("line", ELSE.splitlines())
def test_what_may_be_said_of_a_mailbox_that_is_there_suppresses_nobody(line: str) -> None:
    assert not no_such_mailbox(int(line[:3]), line[4:])


@given(st.integers(200, 499) | st.none(), st.sampled_from(NOBODY.splitlines()))
def test_no_reply_but_a_final_one_says_that_nobody_is_there(code: int | None, line: str) -> None:
    assert not no_such_mailbox(code, line[4:])


@given(st.sampled_from(["5.7.1", "5.7.26", "5.2.2", "5.3.4", "5.6.0"]), st.text(max_size=500))
def test_a_code_of_policy_quota_or_size_decides_whatever_the_words_are(enhanced: str, words: str) -> None:
    assert not no_such_mailbox(550, f"{enhanced} {words}")


def test_the_name_of_an_address_or_a_machine_says_nothing() -> None:
    assert no_such_mailbox(550, "5.1.1 <spam@full.example.org>: User unknown (relay.policy.example.org)")
    assert not no_such_mailbox(550, "<no-such-user@example.org>: rejected by unknown-user.example.org")
