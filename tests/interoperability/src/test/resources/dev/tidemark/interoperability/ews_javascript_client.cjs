// Uses a mailbox of the simulated Exchange as a Node program would, in named steps.
//
// Usage: node ews_javascript_client.cjs URL ADDRESS OTHER-ADDRESS GROUP
// The last line of the output is a JSON object: each step with "ok" or its error.

const ews = require('ews-javascript-api');
const {
  ExchangeService,
  ExchangeVersion,
  WebCredentials,
  Uri,
  Folder,
  WellKnownFolderName,
  EmailMessage,
  ItemView,
  FolderView,
  PropertySet,
  SearchFilter,
  ItemSchema,
  FolderSchema,
  EventType,
  FolderId,
  ConflictResolutionMode,
  DeleteMode,
  Item,
  Mailbox,
  ConnectingIdType,
  ImpersonatedUserId,
  MessageBody,
  StreamingSubscriptionConnection,
  AlternateId,
  IdFormat,
  FolderTraversal,
  SortDirection,
  SyncFolderItemsScope,
  Appointment,
  DateTime,
  CalendarView,
  SendInvitationsMode,
} = ews;
const [url, me, other, group] = process.argv.slice(2);
const service = new ExchangeService(ExchangeVersion.Exchange2013_SP1);
service.Credentials = new WebCredentials(me, 'x');
service.Url = new Uri(url);
const results = {};
async function step(name, f) {
  try {
    await f();
    results[name] = 'ok';
  } catch (e) {
    results[name] = String((e && e.message) || e).slice(0, 300);
  }
}
function check(x, what) {
  if (!x) throw new Error('not so: ' + what);
}
const inbox = new FolderId(WellKnownFolderName.Inbox);
async function send(subject) {
  const m = new EmailMessage(service);
  m.Subject = subject;
  m.Body = new MessageBody('Hi');
  m.ToRecipients.Add(me);
  await m.Send();
}
(async () => {
  let folder, item, moved;
  await step('bind_inbox', async () => {
    const f = await Folder.Bind(service, WellKnownFolderName.Inbox);
    check(f.DisplayName === 'Inbox', f.DisplayName);
  });
  await step('bind_root', async () => {
    const f = await Folder.Bind(service, WellKnownFolderName.Root);
    check(f.ChildFolderCount > 0, 'children');
  });
  await step('find_folders', async () => {
    const r = await service.FindFolders(WellKnownFolderName.MsgFolderRoot, new FolderView(100));
    check(r.TotalCount >= 10, r.TotalCount);
  });
  await step('find_folders_deep', async () => {
    const v = new FolderView(100);
    v.Traversal = FolderTraversal.Deep;
    const r = await service.FindFolders(
      WellKnownFolderName.Root,
      new SearchFilter.IsEqualTo(FolderSchema.DisplayName, 'Sent Items'),
      v,
    );
    check(r.TotalCount === 1, r.TotalCount);
  });
  await step('create_folder', async () => {
    folder = new Folder(service);
    folder.DisplayName = 'JS';
    await folder.Save(WellKnownFolderName.Inbox);
    check(folder.Id.UniqueId, 'id');
  });
  await step('rename_folder', async () => {
    folder = await Folder.Bind(service, folder.Id);
    folder.DisplayName = 'JS2';
    await folder.Update();
    check((await Folder.Bind(service, folder.Id)).DisplayName === 'JS2', 'name');
  });
  await step('move_folder', async () => {
    folder = await folder.Move(WellKnownFolderName.MsgFolderRoot);
  });
  await step('send', async () => send('One'));
  await step('send_and_save', async () => {
    const m = new EmailMessage(service);
    m.Subject = 'Two';
    m.ToRecipients.Add(me);
    await m.SendAndSaveCopy();
  });
  await step('save', async () => {
    const m = new EmailMessage(service);
    m.Subject = 'Draft';
    await m.Save(WellKnownFolderName.Drafts);
    check(m.Id.UniqueId, 'id');
  });
  await step('find_items', async () => {
    const r = await service.FindItems(WellKnownFolderName.Inbox, new ItemView(10));
    check(r.TotalCount >= 2, r.TotalCount);
  });
  await step('find_items_filter', async () => {
    const r = await service.FindItems(
      WellKnownFolderName.Inbox,
      new SearchFilter.IsEqualTo(ItemSchema.Subject, 'One'),
      new ItemView(10),
    );
    check(r.TotalCount === 1, r.TotalCount);
    item = r.Items[0];
  });
  await step('find_items_sorted', async () => {
    const v = new ItemView(1);
    v.OrderBy.Add(ItemSchema.Subject, SortDirection.Ascending);
    const r = await service.FindItems(WellKnownFolderName.Inbox, v);
    check(r.Items[0].Subject === 'One', r.Items[0].Subject);
  });
  await step('bind_item', async () => {
    const m = await EmailMessage.Bind(service, item.Id);
    check(m.Subject === 'One' && m.Body.Text === 'Hi', m.Body && m.Body.Text);
    item = m;
  });
  await step('load_properties', async () => {
    await service.LoadPropertiesForItems([item], PropertySet.FirstClassProperties);
  });
  await step('update', async () => {
    item.Subject = 'Uno';
    await item.Update(ConflictResolutionMode.AlwaysOverwrite);
    check((await Item.Bind(service, item.Id)).Subject === 'Uno', 'subject');
  });
  await step('mark_read', async () => {
    item.IsRead = true;
    await item.Update(ConflictResolutionMode.AutoResolve);
    check((await EmailMessage.Bind(service, item.Id)).IsRead === true, 'read');
  });
  await step('copy', async () => {
    const c = await item.Copy(folder.Id);
    check(c.Id.UniqueId !== item.Id.UniqueId, 'id');
  });
  await step('move', async () => {
    moved = await item.Move(folder.Id);
    check(moved.Id.UniqueId !== item.Id.UniqueId, 'id');
  });
  await step('soft_delete', async () => {
    await (await Item.Bind(service, moved.Id)).Delete(DeleteMode.SoftDelete);
  });
  await step('hard_delete', async () => {
    const r = await service.FindItems(folder.Id, new ItemView(1));
    await r.Items[0].Delete(DeleteMode.HardDelete);
  });
  await step('delete_to_trash', async () => {
    const r = await service.FindItems(WellKnownFolderName.Inbox, new ItemView(1));
    await r.Items[0].Delete(DeleteMode.MoveToDeletedItems);
  });
  await step('empty_folder', async () => folder.Empty(DeleteMode.HardDelete, false));
  await step('delete_folder', async () => folder.Delete(DeleteMode.HardDelete));
  await step('appointment', async () => {
    const a = new Appointment(service);
    a.Subject = 'Meet';
    a.Start = DateTime.Now;
    a.End = DateTime.Now.AddHours(1);
    await a.Save(SendInvitationsMode.SendToNone);
    const r = await service.FindAppointments(
      WellKnownFolderName.Calendar,
      new CalendarView(DateTime.Now.AddDays(-1), DateTime.Now.AddDays(1)),
    );
    check(r.TotalCount >= 1, r.TotalCount);
  });
  await step('sync_items', async () => {
    const c = await service.SyncFolderItems(
      inbox,
      PropertySet.IdOnly,
      null,
      100,
      SyncFolderItemsScope.NormalItems,
      null,
    );
    check(c.SyncState, 'state');
    const d = await service.SyncFolderItems(
      inbox,
      PropertySet.IdOnly,
      null,
      100,
      SyncFolderItemsScope.NormalItems,
      c.SyncState,
    );
    check(d.Count === 0, 'count');
  });
  await step('sync_hierarchy', async () => {
    const c = await service.SyncFolderHierarchy(PropertySet.IdOnly, null);
    check(c.Count >= 10, c.Count);
  });
  await step('pull', async () => {
    const s = await service.SubscribeToPullNotifications(
      [inbox],
      5,
      null,
      EventType.NewMail,
      EventType.Created,
    );
    await send('Pulled');
    const e = await s.GetEvents();
    check(e.AllEvents.length >= 2, 'events');
    await s.Unsubscribe();
  });
  await step('push', async () => {
    const s = await service.SubscribeToPushNotifications(
      [inbox],
      new Uri('http://127.0.0.1:9/x'),
      1,
      null,
      EventType.NewMail,
    );
    check(s.Id && s.Watermark, 'id');
  });
  await step('push_again', async () => {
    const s = await service.SubscribeToPushNotifications(
      [inbox],
      new Uri('http://127.0.0.1:9/x'),
      1,
      null,
      EventType.NewMail,
    );
    const t = await service.SubscribeToPushNotifications(
      [inbox],
      new Uri('http://127.0.0.1:9/x'),
      1,
      s.Watermark,
      EventType.NewMail,
    );
    check(t.Id !== s.Id, 'id');
  });
  await step('streaming', async () => {
    const s = await service.SubscribeToStreamingNotifications([inbox], EventType.NewMail);
    const c = new StreamingSubscriptionConnection(service, 1);
    c.AddSubscription(s);
    const seen = new Promise((done, fail) => {
      c.OnNotificationEvent.push((o, a) => done(a));
      c.OnSubscriptionError.push((o, a) => fail(a.Exception || a));
      setTimeout(() => fail(new Error('no event')), 8000).unref();
    });
    c.Open();
    setTimeout(() => send('Streamed'), 500);
    const a = await seen;
    check(a.Events.length >= 1, 'events');
    try {
      c.Close();
    } catch (e) {}
  });
  await step('resolve_name', async () => {
    const r = await service.ResolveName(me);
    check(r.Count === 1, r.Count);
  });
  await step('convert_id', async () => {
    const f = await Folder.Bind(service, WellKnownFolderName.Inbox);
    const r = await service.ConvertId(
      new AlternateId(IdFormat.EwsId, f.Id.UniqueId, me),
      IdFormat.HexEntryId,
    );
    check(r.UniqueId, 'id');
  });
  await step('time_zones', async () => {
    const z = await service.GetServerTimeZones();
    check(z.length > 3, 'zones');
  });
  await step('oof', async () => {
    const o = await service.GetUserOofSettings(me);
    check(o, 'oof');
  });
  await step('expand_group', async () => {
    const g = await service.ExpandGroup(group);
    check(g.Count === 2, g.Count);
  });
  await step('impersonation', async () => {
    const s = new ExchangeService(ExchangeVersion.Exchange2010_SP2);
    s.Credentials = new WebCredentials(me, 'x');
    s.Url = new Uri(url);
    s.ImpersonatedUserId = new ImpersonatedUserId(ConnectingIdType.SmtpAddress, other);
    const f = await Folder.Bind(s, WellKnownFolderName.Inbox);
    check(f.TotalCount === 0, f.TotalCount);
  });
  await step('delegate_mailbox', async () => {
    const f = await Folder.Bind(service, new FolderId(WellKnownFolderName.Inbox, new Mailbox(other)));
    check(f.DisplayName === 'Inbox', 'name');
  });
  await step('autodiscover', async () => {
    const service = new ews.AutodiscoverService(ExchangeVersion.Exchange2013);
    service.Url = new Uri(url.replace('/EWS/Exchange.asmx', '/autodiscover/autodiscover.svc'));
    service.Credentials = new WebCredentials(me, 'x');
    const answer = await service.GetUserSettings(me, [ews.UserSettingName.ExternalEwsUrl]);
    check(answer.Settings.objects[ews.UserSettingName.ExternalEwsUrl] === url, 'url');
  });
  console.log(JSON.stringify(results));
  process.exit(0);
})();
process.on('unhandledRejection', (e) => console.error('unhandled', e));
