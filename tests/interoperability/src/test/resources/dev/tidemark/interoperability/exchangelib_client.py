"""Uses a mailbox of the simulated Exchange as a Python program would, in named steps.

Usage: exchangelib_client.py URL ADDRESS OTHER-ADDRESS
The last line of the output is a JSON object: each step with "ok" or its error.
"""

import datetime
import json
import sys
import threading
import time
import warnings
from http.server import BaseHTTPRequestHandler, HTTPServer

from exchangelib import *
from exchangelib.autodiscover.protocol import AutodiscoverProtocol
from exchangelib.folders import Messages
from exchangelib.properties import EWS_ID, AlternateId
from exchangelib.services import SendNotification
from exchangelib.transport import BASIC

warnings.filterwarnings("ignore")
url, me, other = sys.argv[1:4]
results = {}


def step(work):
    try:
        work()
        results[work.__name__] = "ok"
    except Exception as e:
        results[work.__name__] = "%s: %s" % (type(e).__name__, e)
    return work


config = Configuration(
    service_endpoint=url,
    credentials=Credentials(me, "x"),
    auth_type=BASIC,
    max_connections=4,
    version=Version(build=Build(15, 2, 1118, 7)),
)
account = Account(me, config=config, autodiscover=False, access_type=DELEGATE)


@step
def guess_version():
    c = Configuration(service_endpoint=url, credentials=Credentials(me, "x"), auth_type=BASIC)
    a = Account(me, config=c, autodiscover=False, access_type=DELEGATE)
    assert a.version.build.major_version == 15, a.version


@step
def guess_auth():
    c = Configuration(
        service_endpoint=url.replace("127.0.0.1", "localhost"), credentials=Credentials(me, "x")
    )
    a = Account(me, config=c, autodiscover=False, access_type=DELEGATE)
    assert a.version.build.major_version == 15, a.version


@step
def root():
    assert account.root.id


@step
def msg_folder_root():
    assert account.msg_folder_root.name


@step
def inbox():
    assert account.inbox.name == "Inbox"


@step
def well_known():
    for f in [
        account.sent,
        account.drafts,
        account.trash,
        account.junk,
        account.outbox,
        account.calendar,
        account.contacts,
        account.tasks,
    ]:
        assert f.id


@step
def tree():
    assert "Inbox" in account.root.tree()


@step
def walk():
    assert [f.name for f in account.msg_folder_root.walk()]


@step
def folder_path():
    assert (account.root / "Top of Information Store" / "Inbox").id == account.inbox.id


@step
def folder_absolute():
    assert account.inbox.absolute


@step
def counts():
    account.inbox.refresh()
    assert account.inbox.total_count >= 0


f = None


@step
def create_folder():
    global f
    f = Messages(parent=account.inbox, name="Invoices")
    f.save()
    assert f.id


@step
def find_folder():
    account.root.clear_cache()
    assert (account.inbox / "Invoices").id == f.id


@step
def rename_folder():
    f.name = "Bills"
    f.save()
    f.refresh()
    assert f.name == "Bills"


@step
def move_folder():
    f.move(account.msg_folder_root)
    assert f.parent.id == account.msg_folder_root.id


m = None


@step
def save_draft():
    global m
    m = Message(account=account, folder=account.drafts, subject="Draft", body="Hello", to_recipients=[other])
    m.save()
    assert m.id


@step
def send_draft():
    m.send()


@step
def send():
    Message(
        account=account,
        subject="Sent",
        body=HTMLBody("<p>Hi</p>"),
        to_recipients=[me, other],
        cc_recipients=["x@example.org"],
    ).send()


@step
def send_and_save():
    Message(
        account=account, folder=account.sent, subject="Kept", body="Hi", to_recipients=[me]
    ).send_and_save()


@step
def sent_count():
    assert account.sent.all().count() >= 2, account.sent.all().count()


@step
def find_items():
    assert {i.subject for i in account.inbox.all()} >= {"Sent", "Kept"}


@step
def filter_subject():
    assert account.inbox.filter(subject="Sent").count() == 1


@step
def filter_contains():
    assert account.inbox.filter(subject__icontains="ept").count() == 1


@step
def filter_range():
    now = datetime.datetime.now(datetime.timezone.utc)
    t = EWSDateTime.from_datetime(now - datetime.timedelta(hours=1))
    assert account.inbox.filter(datetime_received__gt=t).count() >= 2


@step
def filter_unread():
    assert account.inbox.filter(is_read=False).count() >= 2


@step
def order():
    assert [i.subject for i in account.inbox.all().order_by("subject")][0] == "Kept"


@step
def order_desc():
    assert [i.subject for i in account.inbox.all().order_by("-datetime_received")[:1]]


@step
def only():
    assert list(account.inbox.all().only("subject", "body"))[0].body is not None


@step
def values():
    assert list(account.inbox.all().values("subject"))


@step
def paging():
    assert len(list(account.inbox.all().order_by("subject")[1:2])) == 1


item = None


@step
def get_item():
    global item
    item = account.inbox.get(subject="Kept")
    assert item.body == "Hi" and item.sender.email_address == me, (item.body, item.sender)


@step
def fetch_mime():
    i = list(account.fetch([item], only_fields=None))[0]
    assert b"Subject" in i.mime_content


@step
def update_item():
    item.subject = "Kept 2"
    item.save(update_fields=["subject"])
    item.refresh()
    assert item.subject == "Kept 2"


@step
def mark_read():
    item.is_read = True
    item.save(update_fields=["is_read"])
    item.refresh()
    assert item.is_read


@step
def categories():
    item.categories = ["Red"]
    item.save(update_fields=["categories"])
    item.refresh()
    assert item.categories == ["Red"]


@step
def clear_categories():
    item.categories = None
    item.save(update_fields=["categories"])
    item.refresh()
    assert not item.categories


@step
def extended():
    class Prop(ExtendedProperty):
        property_set_id = "c11ff724-aa03-4555-9952-8fa248a11c3e"
        property_name = "TidemarkTest"
        property_type = "String"

    Message.register("tm_test", Prop)
    x = Message(account=account, folder=account.inbox, subject="Ext", tm_test="yes")
    x.save()
    assert account.inbox.get(subject="Ext").tm_test == "yes"
    Message.deregister("tm_test")


@step
def copy_item():
    new = item.copy(f)
    assert new[0] != item.id


@step
def move_item():
    old = item.id
    item.move(f)
    assert item.id != old
    assert f.all().count() == 2


@step
def soft_delete():
    x = Message(account=account, folder=account.inbox, subject="Soft")
    x.save()
    x.soft_delete()
    assert account.inbox.filter(subject="Soft").count() == 0
    assert account.recoverable_items_deletions.filter(subject="Soft").count() == 1


@step
def trash():
    x = Message(account=account, folder=account.inbox, subject="Trash")
    x.save()
    x.move_to_trash()
    assert account.trash.filter(subject="Trash").count() == 1


@step
def hard_delete():
    item.delete()
    assert f.all().count() == 1


@step
def bulk_create():
    ids = account.bulk_create(account.inbox, [Message(subject="b%d" % i) for i in range(5)])
    assert len(ids) == 5


@step
def bulk_delete():
    r = account.bulk_delete(account.inbox.filter(subject__startswith="b"))
    assert all(x is True for x in r), r


@step
def calendar_item():
    s = EWSDateTime(2026, 3, 1, 9, tzinfo=EWSTimeZone("UTC"))
    c = CalendarItem(
        account=account, folder=account.calendar, subject="Meet", start=s, end=s + datetime.timedelta(hours=1)
    )
    c.save()
    assert [
        x.subject
        for x in account.calendar.view(
            start=s - datetime.timedelta(days=1), end=s + datetime.timedelta(days=1)
        )
    ] == ["Meet"]


@step
def contact():
    c = Contact(
        account=account,
        folder=account.contacts,
        given_name="Ada",
        surname="L",
        display_name="Ada L",
        email_addresses=[],
    )
    c.save()
    assert account.contacts.get(display_name="Ada L").surname == "L"


@step
def task():
    Task(account=account, folder=account.tasks, subject="Do").save()
    assert account.tasks.all().count() == 1


@step
def sync_items():
    assert list(account.inbox.sync_items())
    assert account.inbox.item_sync_state


@step
def sync_hierarchy():
    assert list(account.inbox.sync_hierarchy()) is not None
    assert list(account.msg_folder_root.sync_hierarchy())


callbacks = []


class Listener(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        callbacks.append((dict(self.headers), body))
        ns = SendNotification(protocol=None)
        try:
            for n in ns.parse(body):
                callbacks.append(n)
        except Exception as e:
            callbacks.append(e)
        out = ns.ok_payload()
        self.send_response(200)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Content-Length", str(len(out)))
        self.end_headers()
        self.wfile.write(out)

    def log_message(self, *a):
        pass


server = HTTPServer(("127.0.0.1", 0), Listener)
threading.Thread(target=server.serve_forever, daemon=True).start()


@step
def push():
    with account.inbox.push_subscription(
        callback_url="http://127.0.0.1:%d/x" % server.server_port, status_frequency=1
    ) as (subscription, watermark):
        Message(account=account, subject="Pushed", to_recipients=[me]).send()
        for i in range(100):
            if any(hasattr(x, "events") for x in callbacks):
                break
            time.sleep(0.05)
        n = [x for x in callbacks if hasattr(x, "events")]
        assert n and n[0].subscription_id == subscription, callbacks


@step
def push_from_watermark():
    listener = "http://127.0.0.1:%d/x" % server.server_port
    watermark = account.inbox.subscribe_to_push(listener, status_frequency=1)[1]
    account.inbox.subscribe_to_push(listener, status_frequency=1, watermark=watermark)


@step
def pull():
    with account.inbox.pull_subscription() as (subscription, watermark):
        Message(account=account, subject="Pulled", to_recipients=[me]).send()
        n = list(account.inbox.get_events(subscription, watermark))
        kinds = [type(e).__name__ for x in n for e in x.events]
        assert "NewMailEvent" in kinds and "ModifiedEvent" in kinds, kinds


@step
def pull_idle():
    with account.inbox.pull_subscription() as (subscription, watermark):
        assert [
            type(e).__name__ for x in account.inbox.get_events(subscription, watermark) for e in x.events
        ] == ["StatusEvent"]


@step
def streaming():
    with account.inbox.streaming_subscription() as sid:
        threading.Timer(
            0.5, lambda: Message(account=account, subject="Streamed", to_recipients=[me]).send()
        ).start()
        kinds = []
        for n in account.inbox.get_streaming_events(sid, connection_timeout=1, max_notifications_returned=1):
            kinds += [type(e).__name__ for e in n.events]
        assert "NewMailEvent" in kinds, kinds


@step
def unsubscribe():
    sid = account.inbox.subscribe_to_pull()[0]
    account.inbox.unsubscribe(sid)


@step
def resolve_names():
    assert account.protocol.resolve_names([me])


@step
def oof():
    assert account.oof_settings.state == "Disabled"


@step
def timezones():
    assert account.protocol.get_timezones()


@step
def timezones_full():
    assert list(account.protocol.get_timezones(return_full_timezone_data=True))


@step
def convert_id():
    r = list(
        account.protocol.convert_ids(
            [AlternateId(id=account.inbox.id, format=EWS_ID, mailbox=me)], destination_format="HexEntryId"
        )
    )
    assert r[0].id


@step
def wipe():
    f.wipe()


@step
def empty_folder():
    account.inbox.empty()
    assert account.inbox.all().count() == 0


@step
def delete_folder():
    f.delete()


@step
def impersonation():
    a = Account(other, config=config, autodiscover=False, access_type=IMPERSONATION)
    assert a.inbox.all().count() > 0


@step
def autodiscover():
    p = AutodiscoverProtocol(
        config=Configuration(
            service_endpoint=url.replace("/EWS/Exchange.asmx", "/autodiscover/autodiscover.svc"),
            credentials=Credentials(me, "x"),
            auth_type=BASIC,
            version=config.version,
        )
    )
    r = p.get_user_settings(user=me)
    assert r.ews_url == url, r


@step
def archive_root():
    account.archive_root


@step
def public_folders():
    account.public_folders_root


server.shutdown()
print(json.dumps(results))
