"""Lists of other systems say who may be mailed in columns, values and file names: all of them are heeded."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from subscribers.errors import BadImport
from subscribers.lists.imports import Refusal, Row, addresses_in, read
from subscribers.lists.standing import Standing
from subscribers.lists.status_columns import answered

#: How the local part of an address below begins → where that person must stand. "skip" rows are left out.
EXPECTED = {
    "ok": "subscribed",
    "pause": "paused",
    "wait": "pending",
    "left": "left",
    "bounced": "suppressed bounce",
    "spam": "suppressed complaint",
    "never": "suppressed imported",
}

#: System → a file as it writes it. A line is a row, and "@" stands for "@example.org".
LISTS = {
    "keila": """Email,First name,Last name,Data,Status
        ok@,A,B,{},active
        left@,A,B,{},unsubscribed
        bounced@,A,B,{},unreachable""",
    "listmonk": """uuid,email,name,attributes,status,created_at
        1,ok@,A,"{""a"": 1}",enabled,2020
        2,left@,A,{},disabled,2020
        3,never@,A,{},blocklisted,2020""",
    "ghost": """id,email,name,note,subscribed_to_emails,complimentary_plan,created_at,deleted_at,labels
        1,ok@,A,,true,false,2020-01-01T00:00:00.000Z,,
        2,left1@,A,,false,true,2020,,
        3,left2@,A,,true,false,2020,2021-01-01T00:00:00.000Z,""",
    "mailpoet": """Email,First name,List,List status,Global status,Confirmed IP
        ok@,A,X,Subscribed,Subscribed,192.0.2.9
        left1@,A,X,Unsubscribed,Subscribed,
        left2@,A,X,Subscribed,Inactive,
        wait@,A,X,Unconfirmed,Unconfirmed,
        bounced@,A,X,Subscribed,Bounced,""",
    "substack": """email,active_subscription,expiry,plan,email_disabled,created_at
        ok1@,false,,other,false,2020-01-01
        ok2@,true,2030-01-01,yearly,false,2020-01-01
        left@,false,,other,true,2020-01-01""",
    "beehiiv": """Email,Status,Created,Tier
        ok@,active,2020,free
        left@,inactive,2020,free
        wait1@,pending,2020,free
        wait2@,validating,2020,free
        bounced@,invalid,2020,free""",
    "buttondown": """email_address,creation_date,type,tags
        ok1@,2020-01-01,regular,
        ok2@,2020-01-01,premium,
        wait@,2020-01-01,unactivated,
        left1@,2020-01-01,unsubscribed,
        left2@,2020-01-01,removed,
        spam@,2020-01-01,spammy,""",
    "kit": """first_name,email_address,state,created_at
        A,ok@,active,2020
        A,left@,cancelled,2020
        A,bounced@,bounced,2020
        A,spam@,complained,2020""",
    "mailerlite": """Subscriber,Status,Subscribed,Sent,Opens
        ok@,Active,2020-01-01 10:00:00,5,2
        wait@,Unconfirmed,,0,0
        left@,Unsubscribed,2020-01-01 10:00:00,5,2
        spam@,Junk,2020-01-01 10:00:00,5,2""",
    "campaign monitor": """Email Address,Name,Date Joined,State,Consent to Track
        ok@,A,2020-01-01,Active,No
        left@,A,2020-01-01,Deleted,Yes
        bounced@,A,2020-01-01,Bounced,""",
    "hubspot": """Email,Unsubscribed from all email,Email hard bounce reason,Lead Status,Opted out of email: News
        ok@,false,,Open,
        left1@,true,,New,No
        left2@,,,,Yes
        bounced@,false,UNKNOWN_USER,,""",
    "phplist": """id,email,confirmed,blacklisted,optedin,bouncecount,htmlemail,disabled
        1,ok@,1,0,1,3,1,0
        2,wait@,0,0,1,0,1,0
        3,never@,1,1,1,0,1,0
        4,left1@,1,0,1,0,1,1
        5,left2@,1,0,0,0,1,0""",
    "salesforce": """FirstName;Email;HasOptedOutOfEmail;EmailBouncedReason;DoNotCall
        A;ok@;0;;1
        A;left@;1;;0
        A;bounced@;0;550 no such user;0""",
    "sendgrid": """status,reason,email,created
        5.1.1,550 5.1.1 no such user,bounced1@,1600000000
        550,x,bounced2@,1600000000""",
    "shopify": """Email,Accepts Email Marketing,Province,Accepts SMS Marketing,Tax Exempt
        ok@,yes,CA,no,no
        left@,no,CA,yes,no""",
    "klaviyo": """Email,Email Marketing Consent,Email Suppressions
        ok@,SUBSCRIBED,[]
        left1@,UNSUBSCRIBED,[]
        left2@,NEVER_SUBSCRIBED,[]
        never@,SUBSCRIBED,[USER_SUPPRESSED]""",
    "cleverreach": """email;registered;activated;deactivated
        ok@;1600000000;1600000100;0
        left@;1600000000;1600000100;1600000200
        wait@;1600000000;0;0""",
    "brevo": """EMAIL,FIRSTNAME,SMS,BLOCKLISTED,ADDED_TIME
        ok@,A,49,No,2020-01-01
        never@,A,,Yes,2020-01-01""",
    "postmark": """EmailAddress,SuppressionReason,Origin,CreatedAt
        bounced@,HardBounce,Recipient,2020
        spam@,SpamComplaint,Recipient,2020
        never@,ManualSuppression,Customer,2020""",
    "amazon": """EmailAddress,Reason,LastUpdateTime
        bounced@,BOUNCE,2020-01-01
        spam@,COMPLAINT,2020-01-01""",
    "wix": """Email 1,Email subscriber status,SMS subscriber status
        ok@,Subscribed,Never subscribed
        left@,Unsubscribed,""",
    "emailoctopus": """Email address,Status,Date subscribed,Date unsubscribed
        ok@,SUBSCRIBED,2020-01-01,
        wait@,PENDING,,
        left@,UNSUBSCRIBED,2020-01-01,2021-01-01""",
    "constant contact": """Email address,Email status,Email permission status,Opt-out reason
        ok@,Active,Express,
        left@,Unsubscribed,Unsubscribed,no time""",
    "mailman": """email,display_name,delivery_status,delivery_mode
        ok@,A,enabled,regular
        left@,A,by_user,regular
        bounced@,A,by_bounces,regular""",
    "tiny news": """Email,Subscribed,Confirmed,Bounced
        ok@,TRUE,TRUE,FALSE
        wait@,TRUE,FALSE,FALSE
        left@,FALSE,TRUE,FALSE
        bounced@,TRUE,TRUE,TRUE""",
    "aweber": """Email,Name,Ad Tracking,Stop Time,Stop Status
        ok@,A,x,,Subscribed
        left@,A,x,01/02/21,Unsubscribed via link""",
    "our words": """email,status
        ok@,confirmed
        pause@,paused
        wait@,pending
        left@,left
        never@,suppressed""",
    "civicrm": """Email,No Bulk Emails (User Opt Out),Email On Hold,Do Not Email,Do Not Phone
        ok@,No,No,No,Yes
        left@,Yes,No,No,No
        never@,No,Yes,No,No""",
    "dynamics": """Email,Do not allow Bulk Emails
        ok@,Allow
        never@,Do Not Allow""",
    "nationbuilder": """email,email_opt_in,email1_is_bad,do_not_contact,unsubscribed_at
        ok@,true,false,false,
        left1@,false,false,false,
        bounced@,true,true,false,
        left2@,true,false,false,2020-01-01""",
    "mailjet": """Email,IsExcludedFromCampaigns,IsOptInPending
        ok@,false,false
        never@,true,false
        wait@,false,true""",
    "outlook": """Title,First Name,E-mail Address,E-mail Type,Private,Sensitivity
        ,Ann,ok@,SMTP,False,Normal""",
    "numbers and formats say nothing": """email,bounces,unsubscribes,html email
        ok1@,3,0,1
        ok2@,0,2,0""",
    "everybody agreed": """email,I agree to hear by e-mail from the Hub
        ok1@,yes
        ok2@,yes""",
    "wishes": """E-Mail;Newsletter gewünscht
        ok@;ja
        left@;nein""",
    "our export out of a spreadsheet": """email;name;status;suppressed;cadence;topics;confirmed_at;left_at
        ok@;A;confirmed;;weekly;;01.12.2026 03:18;
        left@;B;left;;weekly;;01.12.2026 03:18;02.12.2026 03:18
        wait@;C;pending;;weekly;;;""",
    "boxes that are ticked": """Name;E-Mail;Newsletter
        Ann;ok@;x
        Bo;skip@;""",
    "a yes and a no": """email,opt-in status,Do not email
        ok@,Yes,FALSE
        left@,No,FALSE
        never@,Yes,TRUE""",
    "german": """E-Mail-Adresse;Vorname;Abgemeldet am;Gesperrt
        ok@;A;;nein
        left@;A;03.04.2021;nein
        never@;A;;ja""",
    "french": """Adresse e-mail;Prénom;Statut
        ok@;A;Abonné
        left@;A;Désabonnée
        wait@;A;En attente""",
    "spanish": """Correo electrónico;Nombre;Estado
        ok@;A;Activo
        left@;A;Dado de baja
        bounced@;A;Rebotado""",
    "italian": """Indirizzo email;Nome;Disiscritto
        ok@;A;no
        left@;A;sì""",
    "portuguese": """Endereço de e-mail;Nome;Situação
        ok@;A;Ativo
        left@;A;Descadastrado""",
    "dutch": """E-mailadres;Voornaam;Nieuwsbrief
        ok@;A;ja
        left@;A;nee""",
    "polish": """Adres e-mail,Imię,Wypisany
        ok@,A,nie
        left@,A,tak""",
    "swedish": """E-postadress;Förnamn;Prenumererar
        ok@;A;ja
        left@;A;nej""",
    "japanese": """メールアドレス,名,ステータス
        ok@,太郎,購読中
        left@,太郎,配信停止""",
    "russian": """Электронная почта;Имя;Статус
        ok@;A;Подписан
        left@;A;Отписался
        never@;A;Заблокирован""",
    "no header": """ok@,Ann Example,subscribed
        left@,Bo Example,unsubscribed""",
    "a region and a tag say nothing": """email,state,zip,tags
        ok1@,CA,90001,vip
        ok2@,NY,10001,donor""",
    "the strictest row of a person": """email,list,status
        left@,A,subscribed
        ok@,A,subscribed
        left@,B,unsubscribed""",
}


def written(folder: Path, text: str, name: str = "people.csv") -> Path:
    file = folder / name
    lines = (line.strip() for line in text.splitlines())
    file.write_text("\n".join(line.replace("@", "@example.org") for line in lines))
    return file


def standings(rows: list[Row | Refusal]) -> dict[str, str]:
    found = {}
    for row in rows:
        if isinstance(row, Row):
            reason = f" {row.said.reason}" if row.said.standing is Standing.SUPPRESSED else ""
            found[row.address.shown.partition("@")[0]] = row.said.standing + reason
    return found


def expected(text: str) -> dict[str, str]:
    people = {
        cell.split("@")[0] for cell in text.replace(";", ",").replace("\n", ",").split(",") if "@" in cell
    }
    names = {name.strip() for name in people} - {"skip"}
    return {name: EXPECTED[name.rstrip("12")] for name in names}


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS.keys())
def test_nobody_is_subscribed_who_is_not_subscribed_there(text: str, tmp_path: Path) -> None:
    assert standings(list(read(written(tmp_path, text), {}))) == expected(text)


@pytest.mark.parametrize(
    ("name", "becomes"),
    [
        ("unsubscribed_members_export_a1b2.csv", "left"),
        ("unsubscribed_email_audience_export_a1b2.csv", "left"),
        ("cleaned_members_export_a1b2.csv", "suppressed bounce"),
        ("suppression_spam_reports.csv", "suppressed complaint"),
        ("suppression_bounces.csv", "suppressed bounce"),
        ("suppression_global_unsubscribes.csv", "left"),
        ("global-unsubscribes.csv", "left"),
        ("blocklist.txt", "suppressed imported"),
        ("Abmeldungen 2021.csv", "left"),
        ("subscribed_members_export_a1b2.csv", "subscribed"),
        ("newsletter.csv", "subscribed"),
        ("Unsubscribers.csv", "left"),
        ("unconfirmed.csv", "pending"),
    ],
)
def test_a_files_name_says_who_is_in_it(name: str, becomes: str, tmp_path: Path) -> None:
    file = written(tmp_path, "Email Address,First Name,UNSUB_TIME\nann@,Ann,", name)
    assert standings(list(read(file, {}))) == {"ann": becomes}


@pytest.mark.parametrize(
    "name",
    [
        "list without unsubscribed.csv",
        "members_cleaned.csv",
        "people-who-left.csv",
        "subscribed-and-unsubscribed.csv",
    ],
)
def test_a_doubtful_name_is_asked_about(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadImport, match="--everybody subscribed"):
        list(read(written(tmp_path, "email,UNSUB_TIME\nann@,\nbob@,2021-01-01", name), {}))
    spoken = written(tmp_path, "email,status\nann@,active\nbob@,unsubscribed", name)
    assert standings(list(read(spoken, {}))) == {"ann": "subscribed", "bob": "left"}
    file = written(tmp_path, "email\nann@", name)
    with pytest.raises(BadImport, match="--everybody subscribed"):
        list(read(file, {}))
    assert standings(list(read(file, {}, everybody=Standing.SUBSCRIBED))) == {"ann": "subscribed"}
    assert standings(list(read(file, {}, everybody=Standing.LEFT))) == {"ann": "left"}


def test_a_name_that_says_the_contrary_of_all_rows_is_asked_about(tmp_path: Path) -> None:
    file = written(tmp_path, "email,status\nann@,active", "unsubscribed.csv")
    with pytest.raises(BadImport, match="Say which holds"):
        list(read(file, {}))
    assert standings(list(read(file, {}, everybody=Standing.LEFT))) == {"ann": "left"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("email,status\nann@,active\nbob@,2", 'the column "status" holds "2" (line 3)'),
        ("email,status\nann@,active\nbob@,", 'the column "status" holds nothing (1 row)'),
        ("email,Unsubscribed\nann@,no\nbob@,perhaps", 'the column "Unsubscribed" holds "perhaps" (line 3)'),
        ("email,opt_in\nann@,yes\nbob@,maybe", 'the column "opt_in" holds "maybe" (line 3)'),
        ("email,Abo\nann@,aktiv\nbob@,abgemeldet\ncem@,ruht", 'the column "Abo" holds "ruht" (line 4)'),
        ("email,note\nann@,bounced\nbob@,dormant", 'the column "note" holds "dormant" (line 3)'),
        (
            "email,I agree to hear by e-mail\nann@,x\nbob@,",
            'the column "I agree to hear by e-mail" holds "x" (line 2)',
        ),
        ("email,Durum\nann@,Aktif\nbob@,Belirsiz", 'the column "Durum" holds "Belirsiz" (line 3)'),
        ("ann@,true\nbob@,false", 'the column "column 2" holds "true" (line 1)'),
    ],
)
def test_what_nobody_knows_refuses_the_file(text: str, named: str, tmp_path: Path) -> None:
    with pytest.raises(BadImport) as refused:
        list(read(written(tmp_path, text), {}))
    assert named in str(refused.value)
    assert "--status-value" in str(refused.value)
    assert "--ignore-column" in str(refused.value)


def test_staff_say_what_a_value_means(tmp_path: Path) -> None:
    file = written(tmp_path, "email,status,plan\nann@,1,x\nbob@,2,x\ncem@,,y\ndea@,3,x")
    answers = answered(["1=subscribed", "status:2=left", "=skip", "3=suppressed"], [])
    rows = list(read(file, {}, answers=answers))
    assert standings(rows) == {"ann": "subscribed", "bob": "left", "dea": "suppressed imported"}
    assert [row.reason for row in rows if isinstance(row, Refusal)] == ["left out: status is empty"]
    assert set(standings(list(read(file, {}, answers=answered([], ["Status"])))).values()) == {"subscribed"}
    plan = answered(["plan:y=left", "plan:x=subscribed"], ["status"])
    assert standings(list(read(file, {}, answers=plan)))["cem"] == "left"


@pytest.mark.parametrize("text", ["2", "2=gone", "=", "2=left=perhaps"])
def test_an_answer_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected VALUE="):
        answered([text], [])


def test_who_left_is_kept_as_that_whatever_else_the_row_says(tmp_path: Path) -> None:
    file = written(
        tmp_path, "email,status,cadence,topics\nann@,unsubscribed,hourly,cats\nbob@,active,hourly,"
    )
    rows = list(read(file, {"food": "Food"}))
    assert standings(rows) == {"ann": "left"}
    assert isinstance(rows[1], Refusal)


def test_times_and_addresses_of_consent_are_kept_word_for_word(tmp_path: Path) -> None:
    header = "Email Address,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LAST_CHANGED"
    file = written(
        tmp_path, f"{header}\nann@,2020-01-01 10:00:00,192.0.2.7,2020-01-02 10:00:00,192.0.2.8,2023-01-01"
    )
    (row,) = read(file, {})
    assert isinstance(row, Row)
    assert row.proof == {
        "signed_up_at": "2020-01-01 10:00:00",
        "signed_up_ip": "192.0.2.7",
        "confirmed_at": "2020-01-02 10:00:00",
        "confirmed_ip": "192.0.2.8",
    }
    assert row.confirmed_at == datetime(2020, 1, 2, 10, tzinfo=UTC)


def test_when_somebody_left_is_kept(tmp_path: Path) -> None:
    file = written(tmp_path, "Email Address,UNSUB_TIME,UNSUB_REASON\nann@,2021-05-05 09:00:00,ABUSE: spam")
    (row,) = read(file, {})
    assert isinstance(row, Row)
    assert (row.said.standing, row.said.reason) == ("suppressed", "complaint")
    assert row.said.at == datetime(2021, 5, 5, 9, tzinfo=UTC)


def test_a_list_to_suppress_gives_every_address_whatever_it_says(tmp_path: Path) -> None:
    file = written(tmp_path, "email,status\nann@,active\nbob@,7\nann@,active\nnone,", "unsubscribed.csv")
    rows = list(addresses_in(file))
    assert [row.address.shown for row in rows if isinstance(row, Row)] == [
        "ann@example.org",
        "bob@example.org",
    ]
    assert [row.line for row in rows if isinstance(row, Refusal)] == [5]
