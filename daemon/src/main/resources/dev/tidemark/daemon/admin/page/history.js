// Sentences for lifecycle events, for operators.
import { count, latency, shortType } from './format.js';

const because = (text) => (text ? ': ' + text : '');

const REASONS = {
  initial: 'for the first time', silence: 'after silence', gap: 'after a gap', error: 'after an error of Exchange',
  config: 'because the configuration changed', operator: 'as an operator requested',
};

const LOSSES = {
  silence: 'no callback arrived for too long', 'no-first-callback': 'Exchange never called back',
  cohort: 'its server lost its subscriptions', 'callbacks-refused': 'Tidemark had to refuse its callbacks',
};

const found = (line) => ['created', 'modified', 'deleted']
  .filter((kind) => line[kind] > 0)
  .map((kind) => count(line[kind]) + ' ' + kind)
  .join(', ') || 'no changes';

const SENTENCES = {
  'subscription.created': (line) => 'Subscribed ' + (REASONS[line.reason] || line.reason || '') + because(line.cause),
  'subscription.lost': (line) => 'Lost its subscription' + because(line.message || LOSSES[line.reason] || line.reason),
  'subscription.failed': (line) => 'Failed and needs an operator'
    + because(line.error ? (line.error.code || '') + ' ' + (line.error.message || '') : ''),
  'mailbox.impaired': (line) => 'Impaired' + because(line.message || line.reason),
  'mailbox.gap.detected': () => 'A notification is missing; Tidemark subscribes again from the last good watermark',
  'mailbox.resync.completed': (line) => 'Resynchronized: ' + found(line)
    + (line.duplicatesSuppressed ? ', ' + count(line.duplicatesSuppressed) + ' already known' : '')
    + (line.durationMs === undefined ? '' : ', in ' + latency(line.durationMs / 1000)),
  'mailbox.relocated': (line) => 'Moved to ' + (line.host || 'another server') + (line.followed === false ? ', where push cannot follow' : ''),
  'mailbox.push.degraded': (line) => 'Push does not work; falls back to ' + (line.transport || 'polling') + because(line.reason),
  'mailbox.push.restored': () => 'Push works again',
  'mailbox.paused': (line) => 'Paused by an operator' + because(line.cause),
  'mailbox.resumed': (line) => 'Resumed by an operator' + because(line.cause),
  'mailbox.removed': () => 'Removed from the configuration',
  'mailbox.forgotten': () => 'Forgotten',
  'operator.request': (line) => line.what + because(line.cause),
  'operator.outcome': (line) => line.what,
  'sink.failing': (line) => 'Sink ' + line.sink + ' fails' + because(line.reason),
  'sink.disabled': (line) => 'Sink ' + line.sink + ' is disabled' + because(line.reason),
  'sink.enabled': (line) => 'Sink ' + line.sink + ' is enabled',
  'delivery.exhausted': (line) => 'Sink ' + line.sink + ' has a new dead letter' + because(line.reason),
  'delivery.expired': (line) => 'Sink ' + line.sink + ' lost events that waited too long',
  'connection.unavailable': (line) => 'Connection ' + line.connection + ' is unavailable' + because(line.reason),
  'connection.available': (line) => 'Connection ' + line.connection + ' is available again',
};

const OTHER_FIELDS = ['at', 'type', 'mailbox'];

function listed(line) {
  return Object.entries(line)
    .filter(([name]) => !OTHER_FIELDS.includes(name))
    .map(([name, value]) => name + ' ' + (value !== null && typeof value === 'object' ? JSON.stringify(value) : value))
    .join(', ');
}

// Returns a sentence for a line of a mailbox's history.
export function words(line) {
  const made = SENTENCES[shortType(line.type)];
  if (made) return made(line).trim();
  const rest = listed(line);
  return shortType(line.type) + (rest ? ' (' + rest + ')' : '');
}

const CHANGES = {
  'mailbox.message.received': 'Message received', 'mailbox.item.created': 'Item created', 'mailbox.item.modified': 'Item modified',
  'mailbox.item.deleted': 'Item deleted', 'mailbox.item.moved': 'Item moved', 'mailbox.item.copied': 'Item copied',
  'mailbox.folder.created': 'Folder created', 'mailbox.folder.modified': 'Folder modified', 'mailbox.folder.deleted': 'Folder deleted',
  'mailbox.folder.moved': 'Folder moved', 'mailbox.folder.copied': 'Folder copied', 'mailbox.freebusy.changed': 'Free/busy changed',
};

// Returns a sentence for an event of the journal.
export function eventWords(event) {
  const data = event.data || {};
  const change = CHANGES[shortType(event.type)];
  if (!change) return words({ ...data, type: event.type });
  const folder = data.parentFolder && (data.parentFolder.name || data.parentFolder.wellKnown);
  const subject = data.message && data.message.subject;
  return change + (folder ? ' in ' + folder : '') + (subject ? ': ' + subject : '');
}
