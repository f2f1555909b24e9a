"""Asks the simulated Exchange, with exchangelib, for what a client of push notifications asks for.

Usage: exchangelib_client.py URL ADDRESS CALLBACK-URL [WATERMARK]
Prints one JSON object of what was understood.

The services are used one by one: an exchangelib folder asks for the whole tree of a mailbox first, which the
simulated Exchange does not have.
"""

import json
import sys

from exchangelib import IMPERSONATION, Account, Build, Configuration, Version
from exchangelib.folders import Inbox, Root
from exchangelib.properties import DistinguishedFolderId
from exchangelib.services import SubscribeToPush, SyncFolderItems
from exchangelib.transport import NOAUTH

url, address, callback = sys.argv[1:4]
watermark = sys.argv[4] if len(sys.argv) > 4 else None

config = Configuration(
    service_endpoint=url, auth_type=NOAUTH, version=Version(build=Build(15, 2, 1118, 7))
)
account = Account(address, config=config, autodiscover=False, access_type=IMPERSONATION)
folder = DistinguishedFolderId(id="inbox")

subscription, mark = SubscribeToPush(account=account).get(
    folders=[folder],
    event_types=("NewMailEvent", "CreatedEvent"),
    watermark=watermark,
    status_frequency=1,
    url=callback,
)

inbox = Inbox(root=Root(account=account, id="root", changekey="x"), id="inbox", changekey="x", is_distinguished=True)
sync = SyncFolderItems(account=account)
changes = list(
    sync.call(
        folder=inbox,
        shape="IdOnly",
        additional_fields=None,
        sync_state=None,
        ignore=None,
        max_changes_returned=100,
        sync_scope=None,
    )
)
print(
    json.dumps(
        {
            "subscription": subscription,
            "watermark": mark,
            "changes": [[kind, item.id] for kind, item in changes],
            "state": bool(sync.sync_state),
        }
    )
)
