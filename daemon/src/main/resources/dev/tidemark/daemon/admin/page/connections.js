// Connections to Exchange: state, back-off, and their pause.
import { useState } from './preact-hooks.js';
import { get, part, post, query } from './api.js';
import { count, sentence, time, until } from './format.js';
import { act, Age, Button, Failure, html, Pill, usePoll, useQuestion } from './parts.js';

const PAUSES = [{ value: '15m', name: '15 minutes' }, { value: '1h', name: '1 hour' }, { value: '4h', name: '4 hours' }, { value: '24h', name: '1 day' }];

function Card({ connection, reload, ask }) {
  const [length, setLength] = useState('1h');
  const path = '/api/v1/connections/' + part(connection.name);
  const isPaused = connection.state === 'paused';
  const name = PAUSES.find((each) => each.value === length).name;
  const pause = { title: 'Pause connection ' + connection.name + '?', text: 'Tidemark sends nothing to this Exchange for ' + name + '. Callbacks are still accepted, and afterwards the mailboxes continue.',
    action: 'Pause for ' + name, isHarmful: true,
    run: () => act('Connection ' + connection.name + ' is paused for ' + name + '.', async () => { await post(query(path + '/pause', { for: length })); reload(); }) };
  const resume = () => act('Connection ' + connection.name + ' is resumed.', async () => { await post(path + '/resume'); reload(); });
  return html`<section class="card"><h2>${connection.name} <${Pill} state=${connection.state} /></h2>
    ${connection.reason && html`<p class="notice">${sentence(connection.reason)}${connection.remedy && html` <b>To do:</b> ${sentence(connection.remedy)}`}</p>`}
    <dl class="facts"><div><dt>In this state for</dt><dd><${Age} at=${connection.since} /></dd></div>
      <div><dt>Nothing is sent until</dt><dd>${connection.backoffUntil ? time(connection.backoffUntil) + ', in ' + until(connection.backoffUntil) : '–'}</dd></div>
      <div><dt>Requests waiting</dt><dd>${count(connection.requestsWaiting)}</dd></div>
      <div><dt>At the same time, at most</dt><dd>${count(connection.concurrencyLimit)}</dd></div></dl>
    <div class="buttons"><label>Pause for <select value=${length} onchange=${(event) => setLength(event.target.value)}>${PAUSES.map((each) => html`<option value=${each.value}>${each.name}</option>`)}</select></label>
      <button type="button" aria-label=${'Pause ' + connection.name} onclick=${() => ask(pause)}>Pause</button>
      <${Button} label=${'Resume ' + connection.name} disabled=${!isPaused && !connection.backoffUntil} onclick=${resume}>Resume<//></div></section>`;
}

export function Connections() {
  const { data, error, reload } = usePoll((signal) => get('/api/v1/connections', signal), 2000, []);
  const [ask, dialog] = useQuestion();
  return html`<h1>Connections to Exchange</h1><${Failure} error=${error} />
    <div class="cards-grid">${data && data.items.map((each) => html`<${Card} key=${each.name} connection=${each} reload=${reload} ask=${ask} />`)}</div>${dialog}`;
}
