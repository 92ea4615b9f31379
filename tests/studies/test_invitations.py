"""Invitations: sent, opened, accepted once; what each person sees of them."""

import re
import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from radrate.accounts.models import User
from radrate.audit.models import Event
from radrate.errors import Conflict, DomainError, NotAllowed
from radrate.images.services import note_exposure
from radrate.studies import lifecycle
from radrate.studies.invitations import sending, services, tasks
from radrate.studies.invitations.models import Invitation
from radrate.studies.invitations.queries import digest_of
from radrate.studies.models import ReaderStudy
from tests.factories.people import PASSWORD, make_user
from tests.factories.readers import SITE, make_invitation, make_link
from tests.factories.studies import lock, make_open_study, make_study, reference_of

pytestmark = pytest.mark.django_db
ACCOUNT = {"username": "anna", "password1": "correct horse 83", "password2": "correct horse 83"}
LINK = re.compile(r"https?://[^/\s]+(/invitations/\S+/)")


@pytest.fixture
def study(manager):
    return make_study(manager=manager)


@pytest.fixture
def managing(client, manager):
    client.force_login(manager)
    return client


def paste(client, study, addresses):
    url = reverse("study_invite", args=[study.pk])
    return client.post(url, {"addresses": addresses}, follow=True)


def step(client, invitation, verb):
    url = reverse("invitation_step", args=[invitation.study_id, invitation.pk])
    return client.post(url, {"verb": verb}, follow=True)


def sent_link(invitation):
    """Send what waits; the path of the link that stands in the mail."""
    tasks.send_invitation(invitation.pk)
    return LINK.search(mail.outbox[-1].body)[1]


# Inviting ------------------------------------------------------------------------------------


def test_every_address_of_a_list_gets_an_invitation_of_its_own(managing, study):
    page = paste(managing, study, "Anna <Anna@Example.org>; bert@example.org\ncarl@example.org")
    assert "3 invitations are sent." in page.content.decode()
    emails = [invitation.email for invitation in study.invitations.all()]
    assert emails == ["anna@example.org", "bert@example.org", "carl@example.org"]
    tasks.sweep()
    assert [message.to for message in mail.outbox] == [[email] for email in emails]
    assert len({LINK.search(message.body) for message in mail.outbox}) == 3


def test_a_bad_address_is_told_at_its_line_and_nothing_is_sent_or_lost(managing, study):
    pasted = "anna@example.org\nbert@\ncarl@example.org"
    page = paste(managing, study, pasted).content.decode()
    assert "Line 2: “bert@” is no e-mail address." in page
    assert pasted in page
    assert not study.invitations.exists()
    assert mail.outbox == []


@pytest.mark.parametrize("pasted", ["", "   \n ", "\n".join(f"a{n}@x.org" for n in range(201))])
def test_none_and_too_many_addresses_are_refused(managing, study, pasted):
    assert paste(managing, study, pasted).context["form"].errors
    assert not study.invitations.exists()


def test_an_address_that_was_invited_gets_no_second_mail(managing, study):
    paste(managing, study, "anna@example.org")
    page = paste(managing, study, "ANNA@example.org bert@example.org").content.decode()
    assert "1 invitation is sent." in page
    assert "1 address was invited before" in page
    assert study.invitations.count() == 2


def test_a_closed_study_invites_nobody(managing, manager):
    study = make_open_study(manager=manager)
    lifecycle.close(study=study, actor=manager)
    page = managing.get(reverse("study_invite", args=[study.pk])).content.decode()
    assert "takes no more readers" in page
    with pytest.raises(Conflict):
        make_invitation(study)


def test_the_mail_is_plain_and_names_neither_the_study_nor_its_aim(study):
    study.manager.email = "chief@example.org"
    study.manager.save()
    sent_link(make_invitation(study))
    (message,) = mail.outbox
    whole = message.message().as_string()
    assert message.message().get_content_type() == "text/plain"
    assert study.neutral_title in message.subject
    assert study.neutral_title in message.body
    assert message.reply_to == ["chief@example.org"]
    for word in (study.name, "DALL", "Secret", "real ", "synthetic", str(study.pk)):
        assert word not in whole, word


def test_only_a_digest_of_the_link_is_kept(study):
    link = sent_link(make_invitation(study))
    token = link.split("/")[2]
    invitation = Invitation.objects.get()
    assert invitation.digest == digest_of(token)
    assert not [v for v in Invitation.objects.values_list().get() if token in str(v)]
    assert timedelta(days=13) < invitation.expires_at - timezone.now() <= timedelta(days=14)


def test_a_mail_is_sent_once_however_often_it_is_asked_for(study):
    invitation = make_invitation(study)
    for _time in range(3):
        sending.send(invitation.pk)
    tasks.sweep()
    assert len(mail.outbox) == 1


def test_what_the_mail_server_refuses_is_told_and_can_be_sent_again(managing, study, monkeypatch):
    invitation = make_invitation(study)

    def refuse(_message):
        raise smtplib.SMTPRecipientsRefused({"anna@example.org": (550, b"no such mailbox")})

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", refuse)
        sending.send(invitation.pk)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.digest) == ("failed", None)
    assert (
        "no such mailbox" in managing.get(reverse("study_invite", args=[study.pk])).content.decode()
    )
    step(managing, invitation, "resend")
    assert sent_link(invitation)


# Sending again, revoking ---------------------------------------------------------------------


def test_sending_again_makes_a_new_link_and_ends_the_old_one(managing, client, study):
    invitation = make_invitation(study)
    old = sent_link(invitation)
    step(managing, invitation, "resend")
    new = sent_link(invitation)
    managing.logout()
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200


def test_a_revoked_link_is_dead_and_can_be_revived(managing, client, study):
    invitation = make_invitation(study)
    link = sent_link(invitation)
    assert "revoked" in step(managing, invitation, "revoke").content.decode()
    managing.logout()
    assert client.get(link).status_code == 404
    services.invite(actor=study.manager, study=study, emails=[invitation.email], site=SITE)
    assert client.get(sent_link(invitation)).status_code == 200


def test_a_link_can_be_shown_once_for_whoever_has_no_mail(managing, client, study):
    invitation = make_invitation(study)
    page = step(managing, invitation, "link").content.decode()
    link = re.search(r"http://testserver(/invitations/[^/]+/)", page)[1]
    again = managing.get(reverse("study_invite", args=[study.pk])).content.decode()
    assert link not in again
    managing.logout()
    assert client.get(link).status_code == 200


def test_an_accepted_invitation_is_neither_sent_again_nor_revoked(managing, study, reader):
    link = make_link(study)
    services.accept(token=link.split("/")[2], user=reader)
    invitation = Invitation.objects.get()
    for verb in ("resend", "revoke", "link"):
        assert "accepted already" in step(managing, invitation, verb).content.decode()
    assert study.readers.get().user == reader


def test_a_step_on_an_invitation_of_another_study_is_not_found(managing, study, manager):
    other = make_study(manager=make_user(username="other", is_manager=True))
    invitation = make_invitation(other)
    url = reverse("invitation_step", args=[study.pk, invitation.pk])
    assert managing.post(url, {"verb": "revoke"}).status_code == 404


# The link ------------------------------------------------------------------------------------


def test_an_unknown_person_makes_an_account_and_takes_part(client, manager):
    study = make_open_study(manager=manager)
    link = make_link(study)
    page = client.get(link).content.decode()
    assert study.neutral_title in page
    assert study.name not in page
    answer = client.post(link, ACCOUNT)
    user = User.objects.get(username="anna")
    reader = study.readers.get()
    assert answer.url == reverse("reading_go", args=[reader.token])
    assert (reader.user, user.email, user.is_manager) == (user, "anna@example.org", False)
    assert user.check_password(ACCOUNT["password1"])
    assert client.session["_auth_user_id"] == str(user.pk)
    assert reader.assignments.count() == 4
    invitation = Invitation.objects.get()
    assert (invitation.state, invitation.user, invitation.digest) == ("accepted", user, None)
    verbs = set(Event.objects.filter(actor=user).values_list("verb", flat=True))
    assert verbs == {"make_account", "accept_invitation"}


def test_a_known_person_logs_in_and_accepts(client, reader, manager):
    study = make_open_study(manager=manager)
    link = make_link(study)
    login = re.search(r'href="(/accounts/login/[^"]+)"', client.get(link).content.decode())[1]
    sent = {"login": "reader1", "password": PASSWORD, "next": link}
    assert client.post(login, sent).url == link
    assert "Take part as reader1" in client.get(link).content.decode()
    assert not study.readers.exists()
    answer = client.post(link)
    assert answer.url == reverse("reading_go", args=[study.readers.get().token])
    assert study.readers.get().user == reader


@pytest.mark.parametrize("state", ["draft", "locked", "open"])
def test_an_invitation_is_accepted_from_the_draft_on(client, reader, manager, state):
    study = make_study(manager=manager)
    link = make_link(study)
    if state != "draft":
        study = lock(study)
    if state == "open":
        lifecycle.open_study(study=study, actor=manager)
    client.force_login(reader)
    answer = client.post(link)
    assert study.readers.get().user == reader
    if state == "open":
        assert answer.url == reverse("reading_go", args=[study.readers.get().token])
    else:
        page = client.get(answer.url).content.decode()
        assert f"You take part in {study.neutral_title}. It is not open yet" in page


def test_whoever_is_logged_in_as_somebody_else_logs_out_and_is_back(client, study, reader):
    link = make_link(study)
    client.force_login(reader)
    page = client.get(link).content.decode()
    assert f'name="next" value="{link}"' in page
    assert client.post(reverse("account_logout"), {"next": link}).url == link
    assert 'name="password1"' in client.get(link).content.decode()


def test_looking_at_a_link_does_not_use_it_up(client, study):
    link = make_link(study)
    for _scan in range(3):
        assert client.get(link).status_code == 200
    assert Invitation.objects.get().state == "opened"
    assert client.post(link, ACCOUNT).status_code == 302


def test_a_link_works_once(client, study):
    link = make_link(study)
    client.post(link, ACCOUNT)
    client.logout()
    assert client.get(link).status_code == 404
    assert client.post(link, ACCOUNT | {"username": "second"}).status_code == 404
    assert not User.objects.filter(username="second").exists()
    assert study.readers.count() == 1


def test_unknown_used_revoked_and_old_links_are_answered_alike(client, study, reader):
    used, old, revoked = (make_link(study, email=f"{n}@example.org") for n in "abc")
    services.accept(token=used.split("/")[2], user=reader)
    Invitation.objects.filter(email="b@example.org").update(expires_at=timezone.now())
    services.revoke(actor=study.manager, invitation=Invitation.objects.get(email="c@example.org"))
    links = ["/invitations/" + "x" * 43 + "/", "/invitations/%00/", used, old, revoked]
    answers = [client.get(link) for link in links]
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (404, answers[0].content)
    }


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"username": ""}, "username"),
        ({"username": "READER1"}, "username"),
        ({"username": "a b"}, "username"),
        ({"username": "x" * 151}, "username"),
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password1": "1234567890", "password2": "1234567890"}, "password1"),
        ({"password1": "anna@example", "password2": "anna@example"}, "password1"),
        ({"password2": "another horse 83"}, "password2"),
    ],
)
def test_an_account_that_cannot_be_is_refused_at_its_field(client, study, reader, changes, wrong):
    answer = client.post(make_link(study), ACCOUNT | changes)
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {wrong}
    assert User.objects.count() == 2
    assert Invitation.objects.get().state == "opened"


def test_the_sign_up_without_an_invitation_stays_closed(client):
    assert 'name="password1"' not in client.get("/accounts/signup/").content.decode()


def test_whoever_has_seen_an_image_is_told_kindly_and_the_link_stays(client, study, reader):
    note_exposure(user=reader, ids=[reference_of(study.cases.first()).pk])
    link = make_link(study)
    client.force_login(reader)
    page = client.post(link).content.decode()
    assert "Thank you for coming" in page
    assert "cannot read it blind" in page
    assert not study.readers.exists()
    assert Invitation.objects.get().state == "opened"


def test_the_manager_who_tries_the_link_is_refused(study):
    token = make_link(study).split("/")[2]
    with pytest.raises(NotAllowed, match="manages"):
        services.accept(token=token, user=study.manager)


def test_a_study_that_ended_or_is_being_locked_says_so_and_makes_no_account(client, manager):
    study = make_study(manager=manager)
    link = make_link(study)
    lifecycle.move(study=study, to="locking", actor=manager)
    answer = client.post(link, ACCOUNT)
    assert "just being prepared" in answer.content.decode()
    ReaderStudy.objects.filter(pk=study.pk).update(state="draft")
    study = lifecycle.open_study(study=lock(study), actor=manager)
    lifecycle.close(study=study, actor=manager)
    assert "has ended" in client.post(link, ACCOUNT).content.decode()
    assert not User.objects.filter(username="anna").exists()


def test_whoever_reads_the_study_already_is_led_to_it(client, manager, reader):
    study = make_open_study(manager=manager, readers=(reader,))
    link = make_link(study)
    client.force_login(reader)
    assert client.post(link).url == reverse("reading_go", args=[study.readers.get().token])
    assert Invitation.objects.get().state == "accepted"


def test_a_token_that_was_replaced_meanwhile_is_refused(study, reader):
    token = make_link(study).split("/")[2]
    make_link(study)
    with pytest.raises(DomainError, match="does not work"):
        services.accept(token=token, user=reader)


def test_whoever_tries_links_is_stopped(client, settings, study):
    cache.clear()
    del settings.ACCOUNT_RATE_LIMITS
    codes = [client.get(f"/invitations/{n}/").status_code for n in range(62)]
    assert codes == [404] * 60 + [429] * 2
    cache.clear()


def test_the_audit_holds_no_address(managing, study, reader):
    paste(managing, study, "anna@example.org")
    services.accept(token=make_link(study).split("/")[2], user=reader)
    assert Event.objects.filter(verb="invite").exists()
    assert not [event for event in Event.objects.all() if "anna" in str(event.detail)]
