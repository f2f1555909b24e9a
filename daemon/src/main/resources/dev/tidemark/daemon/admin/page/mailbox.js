// One mailbox: its state, its next step, its history in words, and actions.
import { useState } from './preact-hooks.js';
import { get, part, post, query } from './api.js';
import { count, now, sentence, time, until } from './format.js';
import { words } from './history.js';
import { act, Age, At, Button, Failure, html, Pill, usePoll } from './parts.js';
import { address } from './route.js';
import { ACTIONS } from './mailboxes.js';

const Fact = ({ name, children }) => html`<div><dt>${name}</dt><dd>${children}</dd></div>`;

function Next({ next }) {
  const isLater = next.at && Date.parse(next.at) > now();
  return html`<p class="next"><b>Next:</b> ${sentence(next.what)}${next.at && html` At ${time(next.at)}${isLater ? ', in ' + until(next.at) : ''}.`}${next.why && ' ' + sentence(next.why)}</p>`;
}

const Resync = ({ resync }) => html`<p class="recovery"><progress aria-label="Folders read" max=${Math.max(1, resync.folders)} value=${resync.foldersRead}></progress>
  ${' '}A resync runs since ${time(resync.startedAt)}: ${count(resync.foldersRead)} of ${count(resync.folders)} folders read, ${count(resync.changes)} changes seen;
  found ${count(resync.created)} created, ${count(resync.modified)} modified, ${count(resync.deleted)} deleted.</p>`;

function Actions({ mailbox, reload }) {
  const [reason, setReason] = useState('');
  const isPaused = mailbox.state === 'paused';
  const run = (action) => act(mailbox.address + ': ' + action.name + ' requested.', async () => {
    await post(query('/api/v1/mailboxes/' + part(mailbox.id) + '/' + action.name, { reason: reason.trim() }));
    setReason('');
    reload();
  });
  return html`<div class="buttons">${ACTIONS.filter((action) => (action.name === 'resume') === isPaused).map((action) => html`
      <${Button} key=${action.name} onclick=${() => run(action)}>${action.title}<//>`)}
    <label>Reason <input maxlength="200" size="32" placeholder="optional, appears in the history" value=${reason} oninput=${(event) => setReason(event.target.value)} /></label></div>`;
}

export function Mailbox({ id }) {
  const { data, error, reload } = usePoll((signal) => get('/api/v1/mailboxes/' + part(id), signal), 2000, [id]);
  if (!data) {
    return html`<h1>${id}</h1><${Failure} error=${error} />${!error && html`<p class="none">Reading the mailbox…</p>`}`;
  }
  return html`<p class="back"><a href=${address('mailboxes')}>All mailboxes</a></p>
    <h1>${data.address} <${Pill} state=${data.state} /></h1><${Failure} error=${error} />
    ${data.lastError && html`<p class="notice">${sentence(data.lastError)}</p>`}<${Next} next=${data.next} />
    ${data.resync && html`<${Resync} resync=${data.resync} />`}${data.state !== 'removed' && html`<${Actions} mailbox=${data} reload=${reload} />`}
    <dl class="facts"><${Fact} name="Group">${data.group}<//>
      <${Fact} name="Last callback"><${Age} at=${data.lastHeardAt} none="never" /><//>
      <${Fact} name="Counts as silent"><${At} at=${data.silentAt} /><//>
      <${Fact} name="Watermark age"><${Age} at=${data.watermarkAt} /><//>
      <${Fact} name="Last events came by">${data.origin || '–'}<//>
      <${Fact} name="Subscription"><code>${data.subscriptionId || '–'}</code><//><${Fact} name="Id"><code>${data.id}</code><//></dl>
    ${data.request && html`<p>An operator's ${data.request.action} of <${At} at=${data.request.at} />: ${sentence(data.request.outcome)}</p>`}
    <section><h2>History <a href=${address('live', '', { mailbox: data.address })}>live events</a></h2>
      ${data.history.length === 0 ? html`<p class="none">Nothing has happened yet.</p>` : html`<ol class="history">${data.history.map((line) => html`<li>
        <time datetime=${line.at}>${time(line.at)}</time> <span>${sentence(words(line))}</span></li>`)}</ol>`}</section>`;
}
