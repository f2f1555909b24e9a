// Overview: is everything well, and if not, what is to do?
import { get, query } from './api.js';
import { age, count, counted, latency, rate, sentence, STATES, time, tone } from './format.js';
import { eventWords } from './history.js';
import { Age, Failure, html, usePoll } from './parts.js';
import { column, measured, Plot } from './plot.js';
import { address } from './route.js';

const LISTED_NAMES = 3;
const SHOWN_PROBLEMS = 6;
const FRESH_SAMPLES = 5;
const LIFECYCLE = ['subscription.*', 'mailbox.gap.*', 'mailbox.resync.*', 'mailbox.push.*', 'mailbox.relocated', 'mailbox.impaired',
  'mailbox.paused', 'mailbox.resumed', 'mailbox.removed', 'mailbox.forgotten', 'sink.*', 'delivery.*', 'connection.*']
  .map((name) => 'dev.tidemark.' + name).join(',');

const MILD_STATES = ['degraded', 'behind', 'expiring', 'nearly full', 'backing off', 'not reloaded', 'undelivered', 'ahead', 'gone'];

const isBad = (problem) => problem.area !== 'clock' && problem.area !== 'dead-letters'
  && !MILD_STATES.includes(problem.state) && !(problem.area === 'mailboxes' && !['failed', 'silent'].includes(problem.state));

export function verdict(status) {
  const number = status.problems.length;
  if (number === 0) return { tone: 'good', short: 'all is well' };
  return { tone: status.problems.some(isBad) ? 'bad' : 'warn', short: counted(number, 'problem', 'problems') };
}

const TITLES = {
  store: (problem) => 'The store is ' + problem.state,
  audit: (problem) => 'The audit file is ' + problem.state,
  disk: () => 'The disk is nearly full',
  configuration: () => 'The configuration is faulty',
  connections: (problem) => 'Connection ' + problem.subject + ' is ' + problem.state,
  canary: (problem) => 'The canary of connection ' + problem.subject + ' is ' + problem.state,
  sinks: (problem) => 'Sink ' + problem.subject + ' is ' + problem.state,
  nodes: (problem) => 'Node ' + problem.subject + ' is ' + problem.state,
  certificates: (problem) => 'A certificate is ' + problem.state,
  mailboxes: (problem) => counted(problem.count, 'mailbox', 'mailboxes') + ' ' + problem.state,
  'dead-letters': (problem) => counted(problem.count, 'dead letter', 'dead letters'),
  clock: (problem) => 'The clock of connection ' + problem.subject + ' is ' + problem.state,
};

const title = (problem) => (TITLES[problem.area] ? TITLES[problem.area](problem) : problem.area + ' ' + problem.state);

const LINKS = {
  connections: () => ({ href: address('connections'), text: 'Show the connection' }),
  sinks: (problem) => ({ href: address('sinks', problem.subject), text: 'Show the sink' }),
  nodes: () => ({ href: address('nodes'), text: 'Show the nodes' }),
  mailboxes: (problem) => ({ href: address('mailboxes', '', { state: problem.state, sort: 'worst' }), text: 'Show ' + (problem.count === 1 ? 'it' : 'all') }),
  'dead-letters': () => ({ href: address('dead-letters'), text: 'Show them' }),
};

function Names({ state }) {
  const { data } = usePoll((signal) => get(query('/api/v1/mailboxes', { state, sort: 'worst', limit: LISTED_NAMES }), signal), 10000, [state]);
  return data && html`<span class="names">${data.items.map((each) => html`<a href=${address('mailboxes', each.id)}>${each.address}</a> `)}</span>`;
}

// The daemon's remedies name commands; this page has the buttons.
const REMEDIES = {
  mailboxes: (problem) => (problem.state === 'failed' ? 'Repair the cause, then resubscribe; Tidemark also retries automatically, but rarely.'
    : 'Repair the cause; Tidemark retries automatically.'),
  'dead-letters': () => 'Repair the receivers, then send the events again.',
};

function Problem({ problem, isAlone }) {
  const remedy = REMEDIES[problem.area] ? REMEDIES[problem.area](problem) : problem.remedy;
  const link = LINKS[problem.area] && LINKS[problem.area](problem);
  const file = problem.area === 'certificates' && problem.subject;
  return html`<li class=${isBad(problem) ? 'bad' : 'warn'}>
    ${!isAlone && html`<h2>${title(problem)}<${Since} problem=${problem} /></h2>`}
    <p>${sentence(problem.reason)}${file && html` File: <code>${file}</code>.`}
      ${problem.area === 'mailboxes' && problem.count <= LISTED_NAMES && html`${' '}<${Names} state=${problem.state} />`}</p>
    <p class="remedy"><b>To do:</b> ${sentence(remedy)} ${link && html`<a href=${link.href}>${link.text}</a>`}</p></li>`;
}

const Since = ({ problem }) => problem.since && html` <span>since ${time(problem.since)} (<${Age} at=${problem.since} />)</span>`;

function Verdict({ status }) {
  const found = verdict(status);
  const active = status.mailboxes.active || 0;
  if (found.tone === 'good') {
    const total = Object.values(status.mailboxes).reduce((sum, each) => sum + each, 0);
    const part = active === total ? 'push works for ' + (total === 1 ? 'it' : 'all of them') : 'push works for ' + count(active);
    return html`<section class="verdict good"><h1>All is well</h1>
      <p>${counted(total, 'mailbox', 'mailboxes')}: ${part}. Every sink takes events, and Exchange can be reached.</p></section>`;
  }
  const shown = status.problems.slice(0, SHOWN_PROBLEMS);
  const hidden = status.problems.length - shown.length;
  const isAlone = status.problems.length === 1;
  const headline = isAlone ? title(shown[0]) : found.short + ', worst first';
  return html`<section class="verdict ${found.tone}"><h1>${found.tone === 'bad' ? 'Not well' : 'Needs attention'}: ${headline[0].toLowerCase() + headline.slice(1)}
      ${isAlone && html`<${Since} problem=${shown[0]} />`}</h1>
    <ul class="problems ${isAlone ? 'alone' : ''}">${shown.map((each) => html`<${Problem} isAlone=${isAlone} key=${each.area + each.subject + each.state} problem=${each} />`)}</ul>
    ${hidden > 0 && html`<p>${counted(hidden, 'further problem', 'further problems')}: <code>tidemark status</code> lists them all.</p>`}</section>`;
}

function Recovery({ status }) {
  const recovery = status.compensations.recovery;
  if (!recovery) return null;
  const total = recovery.done + recovery.remaining;
  return html`<p class="recovery"><progress aria-label="Mailboxes subscribed again" max=${Math.max(1, total)} value=${recovery.done}></progress>
    ${' '}${count(recovery.done)} of ${counted(total, 'mailbox', 'mailboxes')} subscribed again since ${time(recovery.since)}; the rest by about ${time(recovery.expectedEnd)}.</p>`;
}

function MailboxTile({ states }) {
  const found = STATES.filter((state) => states[state] > 0);
  const total = found.reduce((sum, state) => sum + states[state], 0);
  return html`<div class="tile wide"><h2><a href=${address('mailboxes', '', { sort: 'worst' })}>Mailboxes</a></h2>
    <p class="figure">${count(total)}</p>
    <div class="share" aria-hidden="true">${found.map((state) => html`<i class=${tone(state)} style=${{ flexGrow: states[state] }}></i>`)}</div>
    <p class="states">${found.map((state) => html`<a href=${address('mailboxes', '', { state, sort: 'worst' })}><i class="dot ${tone(state)}"></i>${count(states[state])} ${state}</a>`)}</p></div>`;
}

const oldestOf = (sinks) => sinks.map((each) => each.oldestUndeliveredAt).filter(Boolean).sort()[0];

function Tiles({ status, sinks, connections }) {
  const waiting = sinks && sinks.items.reduce((sum, each) => sum + each.backlog, 0);
  const oldest = sinks && oldestOf(sinks.items);
  const stopped = sinks && sinks.items.filter((each) => each.state !== 'active');
  const troubled = connections && connections.items.filter((each) => each.state !== 'available' || each.backoffUntil);
  const letters = status.totals.deadLetters;
  return html`<div class="tiles">
    <${MailboxTile} states=${status.mailboxes} />
    <div class="tile"><h2><a href=${address('connections')}>Exchange</a></h2>
      <p class="figure ${troubled && troubled.length ? 'bad' : ''}">${connections ? connections.items.length - troubled.length + ' of ' + connections.items.length : '–'}</p>
      <p>${!connections ? '' : troubled.length ? troubled[0].name + ' is ' + (troubled[0].state === 'available' ? 'backing off' : troubled[0].state) : 'available'}</p></div>
    <div class="tile"><h2><a href=${address('sinks')}>Sinks</a></h2>
      <p class="figure ${stopped && stopped.length ? 'bad' : ''}">${sinks ? sinks.items.length - stopped.length + ' of ' + sinks.items.length : '–'}</p>
      <p>${!sinks ? '' : stopped.length ? stopped[0].name + ' is ' + stopped[0].state : 'deliver'}</p></div>
    <div class="tile"><h2><a href=${address('sinks')}>Undelivered</a></h2>
      <p class="figure">${sinks ? count(waiting) : '–'}</p>
      <p>${!sinks ? '' : oldest ? 'oldest ' + age(oldest) + ' ago' : 'nothing waits'}</p></div>
    <div class="tile"><h2><a href=${address('dead-letters')}>Dead letters</a></h2>
      <p class="figure ${letters ? 'warn' : ''}">${count(letters)}</p><p>${letters ? 'refused for good' : 'none'}</p></div></div>`;
}

const LATENCIES = [{ name: '99 % within', color: 'soft' }, { name: 'half within', color: 'tide' }];

function Latency({ title, samples, value }) {
  // an older value would look like the present one
  const last = samples.slice(-FRESH_SAMPLES).reverse().map(value).find(Boolean);
  const data = [column(samples, (each) => each.at), column(samples, (each) => value(each) && value(each).p99), column(samples, (each) => value(each) && value(each).p50)];
  return html`<${Plot} title=${title} current=${last ? '99 % in ' + latency(last.p99) : 'no data'} series=${LATENCIES} data=${data} format=${latency} />`;
}

function Plots({ activity }) {
  const samples = measured(activity);
  const last = samples[samples.length - 1];
  const rates = [column(samples, (each) => each.at), column(samples, (each) => each.journalled / each.seconds), column(samples, (each) => each.delivered / each.seconds)];
  return html`<div class="plots">
    <${Plot} title="Events per second" current=${last ? rate(last.journalled / last.seconds) : 'no data'} data=${rates} format=${rate}
      series=${[{ name: 'stored', color: 'tide', isFilled: true }, { name: 'delivered', color: 'soft' }]} />
    <${Latency} title="Acknowledgement of callbacks" samples=${samples} value=${(each) => each.acknowledgementSeconds} />
    <${Latency} title="From storage to delivery" samples=${samples} value=${(each) => each.deliverySeconds} /></div>`;
}

let latest = [];
let after = 'recent';

// Reads the lifecycle events since the last call, newest first.
async function lately(signal) {
  try {
    const page = await get(query('/api/v1/events', { after, limit: 1000, type: LIFECYCLE }), signal);
    after = page.next;
    latest = [...page.items.map((each) => each.event).reverse(), ...latest].slice(0, 8);
  } catch (failure) {
    if (failure.status === 410 || failure.status === 400) after = 'recent';
    throw failure;
  }
  return latest;
}

function Lately() {
  const { data, error } = usePoll(lately, 3000, []);
  return html`<section class="lately"><h2>Lately <a href=${address('live')}>all live events</a></h2><${Failure} error=${error} />
    ${data && (data.length === 0 ? html`<p class="none">Nothing but mail happened.</p>` : html`<ol class="history">${data.map((event) => html`<li key=${event.id}>
      <${Age} at=${event.recordedtime} /> <span>${event.subject && html`<a href=${address('mailboxes', event.subject)}>${event.subject}</a> `}${eventWords(event)}</span></li>`)}</ol>`)}</section>`;
}

export function Overview({ status }) {
  const sinks = usePoll((signal) => get('/api/v1/sinks', signal), 3000, []);
  const connections = usePoll((signal) => get('/api/v1/connections', signal), 3000, []);
  const activity = usePoll((signal) => get('/api/v1/activity', signal), 10000, []);
  if (!status.data) {
    return html`<h1>Overview</h1><${Failure} error=${status.error} />${!status.error && html`<p class="none">Reading the state…</p>`}`;
  }
  return html`<${Verdict} status=${status.data} /><${Recovery} status=${status.data} />
    <${Tiles} status=${status.data} sinks=${sinks.data} connections=${connections.data} />
    ${activity.data && html`<${Plots} activity=${activity.data} />`}<${Lately} />`;
}
