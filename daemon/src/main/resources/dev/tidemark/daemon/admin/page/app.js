// Frame of the application: log-in, navigation, state of the connection to the daemon, and the page itself.
import { useEffect, useRef, useState } from './preact-hooks.js';
import { get, link, logIn, logOut, onLinkChange, takeToken } from './api.js';
import { counted, followClock, time, zone } from './format.js';
import { html, Notes, render, usePoll } from './parts.js';
import { address, route } from './route.js';
import { Overview, verdict } from './overview.js';
import { Mailboxes } from './mailboxes.js';
import { Mailbox } from './mailbox.js';
import { Sinks } from './sinks.js';
import { Letters } from './letters.js';
import { Live } from './live.js';
import { Connections } from './connections.js';
import { isCluster, Nodes, readNodes } from './nodes.js';

const STATUS_INTERVAL = 2000;
const NODES_INTERVAL = 3000;

const PAGES = [
  { name: '', title: 'Overview', part: Overview },
  { name: 'mailboxes', title: 'Mailboxes', part: Mailboxes },
  { name: 'sinks', title: 'Sinks', part: Sinks },
  { name: 'dead-letters', title: 'Dead letters', part: Letters },
  { name: 'live', title: 'Live events', part: Live },
  { name: 'connections', title: 'Connections', part: Connections },
  { name: 'nodes', title: 'Nodes', part: Nodes, isOfCluster: true },
];

function useChanges(subscribe) {
  const [, set] = useState(0);
  useEffect(() => subscribe(() => set((number) => number + 1)), []);
}

function useRoute() {
  const [current, set] = useState(route());
  useEffect(() => {
    const onChange = () => { takeToken(); set(route()); };
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);
  return current;
}

function LogIn() {
  const field = useRef(null);
  useEffect(() => field.current.focus(), []);
  function submit(event) {
    event.preventDefault();
    logIn(field.current.value);
  }
  return html`<main id="main" class="login"><h1>Log in to Tidemark</h1>
    <form onsubmit=${submit}>
      <label>Token <input ref=${field} type="password" autocomplete="current-password" required /></label>
      <button type="submit" class="primary">Log in</button>
    </form>
    ${link.wrongToken && html`<p class="notice" role="alert">This token is not valid here. It may belong to another start, or another daemon.</p>`}
    <p>The line <code>tidemark ready</code> names this page with the token of the first start. The same token is in the file
      <code>admin-token</code> beside the store. If the configuration names tokens, use one with the role <code>read</code>
      or <code>operate</code>.</p></main>`;
}

function Header({ page, status, pages }) {
  const found = status && verdict(status);
  return html`<header>
    <div class="bar">
      <a class="brand" href="#/">Tidemark${status && html` <span>${status.instance}</span>`}</a>
      ${found && html`<a class="pill ${found.tone}" href="#/">${found.short}</a>`}
      <span class="zone">times in ${zone}</span>
      <button type="button" class="plain" onclick=${logOut}>Log out</button>
    </div>
    <nav aria-label="Pages"><ul>${pages.map((each) => html`<li><a href=${address(each.name)}
      aria-current=${each.name === page.name ? 'page' : undefined}>${each.title}</a></li>`)}</ul></nav>
  </header>`;
}

function Lost() {
  return link.lostAt && html`<p class="lost" role="alert"><strong>Tidemark does not respond since ${time(link.lostAt)}.</strong>
    ${' '}This page shows the last known state and retries every ${STATUS_INTERVAL / 1000} s. Check the daemon with
    <code>systemctl status tidemark</code>, and the network to it.</p>`;
}

async function readStatus(signal) {
  const status = await get('/api/v1/status', signal);
  followClock(Date.parse(status.startedAt) + status.uptime * 1000);
  return status;
}

function Application() {
  useChanges(onLinkChange);
  const current = useRoute();
  return link.needsToken ? html`<${LogIn} />` : html`<${Frame} current=${current} />`;
}

function Frame({ current }) {
  const status = usePoll(readStatus, STATUS_INTERVAL, []);
  const nodes = usePoll(readNodes, NODES_INTERVAL, []);
  const hasNodes = Boolean(nodes.data && nodes.data.items && isCluster(nodes.data.items));
  const page = PAGES.find((each) => each.name === current.page) || PAGES[0];
  const Part = current.page === 'mailboxes' && current.id ? Mailbox : page.part;
  const main = useRef(null);
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) main.current.focus();
    isFirst.current = false;
    scrollTo(0, 0);
  }, [current.page, current.id]);
  const problems = status.data && status.data.problems.length;
  useEffect(() => {
    document.title = (problems ? '(' + problems + ') ' : '') + (current.id || page.title) + ' – Tidemark';
  }, [current.page, current.id, problems]);
  return html`<button type="button" class="skip" onclick=${() => main.current.focus()}>Skip to the content</button>
    <${Header} page=${page} status=${status.data} pages=${PAGES.filter((each) => hasNodes || !each.isOfCluster)} /><${Lost} />
    <main id="main" tabindex="-1" ref=${main}>
      <${Part} key=${current.page + '/' + current.id} status=${status} nodes=${nodes} id=${current.id} filter=${current.filter} /></main>
    <footer>${status.data && html`Tidemark ${status.data.version}, started ${time(status.data.startedAt)},
      ${' '}${counted(status.data.totals.journalled, 'event', 'events')} stored since then.`}</footer>
    <${Notes} />`;
}

takeToken();
render(html`<${Application} />`, document.getElementById('app'));
