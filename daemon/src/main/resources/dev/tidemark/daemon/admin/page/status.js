'use strict';

const EVERY = 2000;
const KEPT_EVENTS = 50;
const LIFECYCLE = ['subscription.*', 'mailbox.gap.*', 'mailbox.resync.*', 'mailbox.push.*', 'mailbox.relocated',
  'mailbox.impaired', 'mailbox.paused', 'mailbox.resumed', 'mailbox.removed', 'mailbox.forgotten',
  'sink.*', 'delivery.*', 'connection.*'].map((name) => 'dev.tidemark.' + name).join(',');
const TONES = { active: 'good', up: 'good', available: 'good', unavailable: 'bad', degraded: 'bad', held: 'bad', failed: 'bad', silent: 'bad', disabled: 'bad', refused: 'bad', down: 'bad' };
const WORDS = { received: 'callbacks', acknowledged: 'acknowledged', journalled: 'events stored', delivered: 'deliveries',
  duplicates: 'duplicates', gaps: 'gaps', deadLetters: 'dead letters' };

// The token comes in the fragment, which browsers send to no server, and stays in this tab.
const TOKEN = 'tidemark-token';
function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (!given) return false;
  sessionStorage.setItem(TOKEN, given);
  history.replaceState(null, '', location.pathname);
  return true;
}

takeToken();

const byId = (id) => document.getElementById(id);
let shown = 50;
let eventsAfter = 'recent';
let events = [];
let last = null;

// Inserts texts as text nodes only; texts of mailboxes and sinks are not markup.
function element(name, text, kind) {
  const made = document.createElement(name);
  if (text !== undefined && text !== null) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function pill(word) {
  return element('span', word, 'pill ' + (TONES[word] || ''));
}

function row(cells) {
  const made = element('tr');
  for (const cell of cells) {
    const td = element('td', null, cell && cell.number ? 'number' : '');
    const value = cell && cell.number ? cell.number : cell;
    if (value instanceof Node) td.append(value);
    else if (value === null || value === undefined || value === '') td.append(element('span', '–', 'none'));
    else td.textContent = value;
    made.append(td);
  }
  return made;
}

function fill(id, rows, columns, nothing) {
  if (rows.length === 0) {
    const td = element('td', nothing, 'none');
    td.colSpan = columns;
    const tr = element('tr');
    tr.append(td);
    rows = [tr];
  }
  byId(id).replaceChildren(...rows);
}

function age(moment) {
  if (!moment) return '–';
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(moment)) / 1000));
  if (seconds < 120) return seconds + ' s';
  if (seconds < 7200) return Math.round(seconds / 60) + ' min';
  if (seconds < 172800) return Math.round(seconds / 3600) + ' h';
  return Math.round(seconds / 86400) + ' d';
}

function call(path, method) {
  const token = sessionStorage.getItem(TOKEN);
  const headers = { accept: 'application/json' };
  if (token) headers.authorization = 'Bearer ' + token;
  return fetch(path, { method, headers });
}

async function ask(path) {
  const answer = await call(path, 'GET');
  const body = await answer.json();
  if (answer.status === 401) throw Object.assign(new Error(body.detail), { isLogin: true });
  if (!answer.ok && !path.startsWith('/health')) throw Object.assign(new Error(body.detail || answer.statusText), { body });
  return body;
}

function tile(word, value, alarm) {
  const made = element('div', null, alarm ? 'alarm' : '');
  made.append(element('dt', word), element('dd', value));
  return made;
}

async function totals() {
  const status = await ask('/api/v1/status');
  byId('instance').textContent = status.instance;
  byId('about').textContent = 'version ' + status.version + ', up ' + age(status.startedAt);
  document.title = 'Tidemark ' + status.instance;
  const now = Date.now();
  const rate = last && now > last.at ? (status.totals.journalled - last.count) * 1000 / (now - last.at) : 0;
  last = { at: now, count: status.totals.journalled };
  const tiles = Object.entries(status.totals).map(([name, value]) =>
    tile(WORDS[name] || name, value.toLocaleString(), name === 'deadLetters' && value > 0));
  problems(status);
  repairs(status);
  byId('totals').replaceChildren(tile('events a second', Math.max(0, rate).toFixed(1), false), ...tiles);
}

// Shown only while repairs are due or in progress.
function repairs(status) {
  const { compensations, resyncs, upkeep } = status;
  byId('repairs').hidden = compensations.due + compensations.underWay + resyncs.underWay + upkeep.snapshots + upkeep.aging === 0;
  byId('repairs-about').textContent = `Subscriptions: ${compensations.due} due, ${compensations.underWay} in flight. `
    + `Resyncs: ${resyncs.underWay} in progress. Snapshots: ${upkeep.snapshots} pending.`;
  const recovery = compensations.recovery;
  byId('recovery').hidden = !recovery;
  if (recovery) {
    byId('recovery-bar').max = Math.max(1, recovery.done + recovery.remaining);
    byId('recovery-bar').value = recovery.done;
    byId('recovery-text').textContent = `${recovery.done.toLocaleString()} of ${(recovery.done + recovery.remaining).toLocaleString()} subscribed again`
      + ` since ${new Date(recovery.since).toLocaleTimeString()}, the rest by ${new Date(recovery.expectedEnd).toLocaleTimeString()}`;
  }
  byId('resyncs-box').hidden = resyncs.longest.length === 0;
  fill('resyncs', resyncs.longest.map((each) => row([each.address || each.id, { number: age(each.startedAt) },
    { number: each.folders ? each.foldersRead + ' of ' + each.folders : '–' }, { number: each.pages.toLocaleString() },
    { number: each.changes.toLocaleString() }, `${each.created} created, ${each.modified} modified, ${each.deleted} deleted`])), 6, 'None.');
}

// Shows the problems, as `tidemark status` does first.
function problems(status) {
  byId('problems').hidden = status.well;
  byId('problems-list').replaceChildren(...status.problems.map((each) => {
    const about = each.subject ? each.area.replace(/s$/, '') + ' ' + each.subject : each.area === 'store' ? 'store' : each.count.toLocaleString() + ' ' + each.area;
    const since = each.since ? ' since ' + each.since.replace(/\.\d+Z$/, 'Z') : '';
    return element('li', about + ' ' + each.state + since + ': ' + each.reason + ' Remedy: ' + each.remedy);
  }));
}

async function connections() {
  const page = await ask('/api/v1/connections');
  fill('connections', page.items.map((each) => row([each.name, pill(each.state), each.since.replace(/\.\d+Z$/, 'Z'),
    each.backoffUntil ? each.backoffUntil.replace(/\.\d+Z$/, 'Z') : null, { number: each.requestsWaiting.toLocaleString() },
    each.reason])), 6, 'No connections are configured.');
}

async function sinks() {
  const page = await ask('/api/v1/sinks');
  fill('sinks', page.items.map((sink) => row([sink.name, sink.type, pill(sink.state), { number: sink.backlog.toLocaleString() },
    sink.oldestUndeliveredAt ? age(sink.oldestUndeliveredAt) : null, sink.lastError])), 6, 'No sinks are configured.');
}

async function mailboxes() {
  const query = new URLSearchParams({ limit: String(Math.min(shown, 1000)), q: byId('q').value, state: byId('state').value });
  const page = await ask('/api/v1/mailboxes?' + query);
  fill('mailboxes', page.items.map((mailbox) => row([mailbox.address, mailbox.group, pill(mailbox.state),
    { number: age(mailbox.lastHeardAt) }, { number: age(mailbox.watermarkAt) }, mailbox.lastError])), 6, 'No mailbox matches.');
  byId('more').hidden = !page.next || shown >= 1000;
}

function details(data) {
  const rest = Object.entries(data || {}).filter(([name]) => name !== 'mailbox');
  return rest.map(([name, value]) => name + ': ' + (typeof value === 'object' ? JSON.stringify(value) : value)).join(', ');
}

async function lifecycle() {
  try {
    const page = await ask('/api/v1/events?' + new URLSearchParams({ after: eventsAfter, limit: '1000', type: LIFECYCLE }));
    eventsAfter = page.next;
    events = page.items.map((item) => item.event).reverse().concat(events).slice(0, KEPT_EVENTS);
  } catch (problem) {
    eventsAfter = 'recent';
    events = [];
    throw problem;
  }
  fill('events', events.map((event) => row([new Date(event.recordedtime).toLocaleString(), event.type.replace('dev.tidemark.', ''),
    event.subject, details(event.data)])), 4, 'Nothing happened lately.');
}

async function act(button, path) {
  button.disabled = true;
  try {
    const answer = await call(path, 'POST');
    button.textContent = answer.ok ? 'sent again' : 'refused';
  } catch (problem) {
    button.textContent = 'failed';
  }
}

function replay(path, word, label) {
  const button = element('button', word);
  button.type = 'button';
  button.setAttribute('aria-label', label);
  button.addEventListener('click', () => act(button, path));
  return button;
}

let lettersShown = '';

async function letters() {
  const page = await ask('/api/v1/dead-letters?limit=20');
  // keep a button that the operator is about to press
  const now = JSON.stringify(page.items.map((letter) => [letter.id, letter.attempts]));
  if (now === lettersShown) return;
  lettersShown = now;
  fill('letters', page.items.map((letter) => row([new Date(letter.deadLetteredAt).toLocaleString(), letter.sink, letter.eventId,
    { number: String(letter.attempts) }, letter.reason,
    replay('/api/v1/dead-letters/' + encodeURIComponent(letter.id) + '/replay', 'Send again', 'Send ' + letter.eventId + ' again')])),
  6, 'None.');
  byId('letters-all').replaceChildren(...(page.items.length ? [replay('/api/v1/dead-letters/replay', 'Send all again', 'Send all dead letters again')] : []));
}

async function health() {
  const answer = await ask('/health/ready');
  const badge = byId('health');
  const well = Object.values(answer.checks).every((check) => check === 'up');
  badge.textContent = answer.status !== 'up' ? 'not ready' : well ? 'ready' : 'ready, not well';
  badge.className = 'pill ' + (well ? 'good' : 'bad');
}

async function refresh() {
  const results = await Promise.allSettled([health(), totals(), connections(), sinks(), mailboxes(), lifecycle(), letters()]);
  const failed = results.find((result) => result.status === 'rejected');
  const login = results.some((result) => result.status === 'rejected' && result.reason.isLogin);
  byId('login').hidden = !login;
  byId('main').hidden = login;
  if (failed && failed.reason instanceof TypeError) {
    byId('health').textContent = 'not reachable';
    byId('health').className = 'pill bad';
  } else if (failed) {
    byId('about').textContent = failed.reason.message;
  }
}

async function go() {
  if (!document.hidden) await refresh();
  setTimeout(go, EVERY);
}

window.addEventListener('hashchange', () => { if (takeToken()) refresh(); });
byId('login').addEventListener('submit', (event) => {
  event.preventDefault();
  sessionStorage.setItem(TOKEN, byId('token').value.trim());
  byId('token').value = '';
  refresh();
});
byId('filter').addEventListener('submit', (event) => event.preventDefault());
byId('filter').addEventListener('input', () => { shown = 50; mailboxes(); });
byId('more').addEventListener('click', () => { shown += 200; mailboxes(); });
go();
