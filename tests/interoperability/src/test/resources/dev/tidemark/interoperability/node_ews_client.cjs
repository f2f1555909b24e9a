// Uses node-ews, a client that builds itself from the WSDL and schemas of the server. Arguments: URL, mailbox, other
// mailbox, group. The last line of the output is an object with the result of each step.
const EWS = require('node-ews');
const fs = require('fs');
const os = require('os');
const path = require('path');

const [url, mailbox, other, group] = process.argv.slice(2);
const steps = {};
const ews = new EWS({
  username: mailbox,
  password: 'any',
  host: new URL(url).origin,
  auth: 'basic',
  temp: fs.mkdtempSync(path.join(os.tmpdir(), 'node-ews-')),
});

const attribute = (object) => ({attributes: object});
const inbox = {DistinguishedFolderId: attribute({Id: 'inbox'})};

async function step(name, work) {
  try {
    const value = await work();
    steps[name] = 'ok';
    return value;
  } catch (e) {
    steps[name] = String(e.message || e).slice(0, 400);
    return undefined;
  }
}

function message(result, operation) {
  const found = [].concat(result.ResponseMessages[operation + 'ResponseMessage'])[0];
  if (found.attributes.ResponseClass !== 'Success') {
    throw new Error(found.ResponseCode);
  }
  return found;
}

async function run(operation, args) {
  return message(await ews.run(operation, args), operation);
}

function expect(actual, expected) {
  if (actual !== expected) {
    throw new Error('expected ' + expected + ' but got ' + actual);
  }
}

(async () => {
  await step('resolve names', async () => {
    const found = await run('ResolveNames', {
      attributes: {ReturnFullContactData: 'false'},
      UnresolvedEntry: other,
    });
    expect([].concat(found.ResolutionSet.Resolution)[0].Mailbox.EmailAddress, other);
  });
  await step('expand a group', async () => {
    const found = await run('ExpandDL', {Mailbox: {EmailAddress: group}});
    expect(found.DLExpansion.Mailbox.length, 2);
  });
  await step('get the inbox', async () => {
    const found = await run('GetFolder', {FolderShape: {BaseShape: 'Default'}, FolderIds: inbox});
    expect(found.Folders.Folder.DisplayName, 'Inbox');
  });
  await step('find folders', async () => {
    const found = await run('FindFolder', {
      attributes: {Traversal: 'Deep'},
      FolderShape: {BaseShape: 'Default'},
      ParentFolderIds: {DistinguishedFolderId: attribute({Id: 'msgfolderroot'})},
    });
    expect(found.RootFolder.Folders.Folder.some((folder) => folder.DisplayName === 'Drafts'), true);
  });
  await step('create a folder', async () => {
    const found = await run('CreateFolder', {
      ParentFolderId: inbox,
      Folders: {Folder: {DisplayName: 'Bills'}},
    });
    expect(typeof found.Folders.Folder.FolderId.attributes.Id, 'string');
  });
  const saved = await step('save a mail', async () => {
    const found = await run('CreateItem', {
      attributes: {MessageDisposition: 'SaveOnly'},
      Items: {
        Message: {
          Subject: 'Hello',
          Body: {attributes: {BodyType: 'Text'}, $value: 'From node'},
          ToRecipients: {Mailbox: {EmailAddress: other}},
        },
      },
    });
    return found.Items.Message.ItemId.attributes.Id;
  });
  await step('get the mail', async () => {
    const found = await run('GetItem', {
      ItemShape: {BaseShape: 'AllProperties'},
      ItemIds: {ItemId: attribute({Id: saved})},
    });
    expect(found.Items.Message.Subject, 'Hello');
  });
  await step('update the mail', () => run('UpdateItem', {
    attributes: {ConflictResolution: 'AutoResolve', MessageDisposition: 'SaveOnly'},
    ItemChanges: {
      ItemChange: {
        ItemId: attribute({Id: saved}),
        Updates: {SetItemField: {FieldURI: attribute({FieldURI: 'item:Subject'}), Message: {Subject: 'Changed'}}},
      },
    },
  }));
  await step('find the mail', async () => {
    const found = await run('FindItem', {
      attributes: {Traversal: 'Shallow'},
      ItemShape: {BaseShape: 'AllProperties'},
      ParentFolderIds: {DistinguishedFolderId: attribute({Id: 'drafts'})},
    });
    expect(found.RootFolder.Items.Message.Subject, 'Changed');
  });
  await step('send the mail', () => run('SendItem', {
    attributes: {SaveItemToFolder: 'true'},
    ItemIds: {ItemId: attribute({Id: saved})},
  }));
  await step('synchronize', async () => {
    const found = await run('SyncFolderItems', {
      ItemShape: {BaseShape: 'IdOnly'},
      SyncFolderId: inbox,
      MaxChangesReturned: '100',
    });
    expect(typeof found.SyncState, 'string');
  });
  const pull = await step('subscribe by pull', () => run('Subscribe', {
    PullSubscriptionRequest: {FolderIds: inbox, EventTypes: {EventType: ['NewMailEvent']}, Timeout: '10'},
  }));
  await step('get events', async () => {
    const found = await run('GetEvents', {SubscriptionId: pull.SubscriptionId, Watermark: pull.Watermark});
    expect(found.Notification.SubscriptionId, pull.SubscriptionId);
  });
  await step('unsubscribe', () => run('Unsubscribe', {SubscriptionId: pull.SubscriptionId}));
  await step('subscribe by push', () => run('Subscribe', {
    PushSubscriptionRequest: {
      FolderIds: inbox,
      EventTypes: {EventType: ['NewMailEvent', 'CreatedEvent']},
      StatusFrequency: '30',
      URL: 'http://127.0.0.1:9/listener',
    },
  }));
  await step('time zones', async () => {
    const found = await run('GetServerTimeZones', {attributes: {ReturnFullTimeZoneData: 'false'}});
    expect(found.TimeZoneDefinitions.TimeZoneDefinition.length > 10, true);
  });
  await step('out of office', async () => {
    const found = await ews.run('GetUserOofSettings', {Mailbox: {Address: mailbox}});
    expect(found.OofSettings.OofState, 'Disabled');
  });
  console.log(JSON.stringify(steps));
})();
