// Sinks: state, backlog, latency, last error and actions; replays with a dry run.
import { useState } from './preact-hooks.js';
import { get, part, post, remove } from './api.js';
import { count, counted, latency, rate, sentence, time } from './format.js';
import { act, Age, Button, Dialog, Failure, html, Pill, usePoll, useQuestion } from './parts.js';
import { measured } from './plot.js';
import { address } from './route.js';

// Returns the newest activity of a sink with a delivery, else the newest at all.
function recent(activity, name) {
  const samples = activity ? measured(activity) : [];
  const found = samples.map((each) => ({ ...each.sinks.find((sink) => sink.name === name), seconds: each.seconds })).filter((each) => each.name);
  return { now: found[found.length - 1], timed: [...found].reverse().find((each) => each.deliverySeconds) };
}

const send = (sink, action) => post('/api/v1/sinks/' + part(sink.name) + '/' + action);

async function test(sink) {
  await act((result) => 'Sink ' + sink.name + ' took a signed test event: ' + result.text + '.', async () => {
    const result = await send(sink, 'test');
    if (!result.delivered) throw new Error('The test of sink ' + sink.name + ' failed: ' + sentence(result.text) + ' ' + (result.remedy || ''));
    return result;
  });
}

const PERIODS = [{ value: '1h', name: 'the last hour' }, { value: '24h', name: 'the last day' }, { value: '', name: 'everything that is kept' }];

function Replay({ sink, onclose, onstart }) {
  const [fields, set] = useState({ from: '1h', mailbox: '', type: '', rate: '100' });
  const [counted_, setCounted] = useState(null);
  const [failure, setFailure] = useState(null);
  const change = (name) => (event) => { setCounted(null); set({ ...fields, [name]: event.target.value }); };
  async function ask(dryRun) {
    setFailure(null);
    try {
      const given = Object.entries(fields).map(([name, value]) => [name, value.trim()]).filter(([, value]) => value !== '');
      const body = { ...Object.fromEntries(given), rate: Number(fields.rate), dryRun };
      const result = await post('/api/v1/sinks/' + part(sink.name) + '/replay', body);
      if (dryRun) setCounted(result.count);
      else onstart(result);
    } catch (error) {
      setFailure(error);
    }
  }
  return html`<${Dialog} title=${'Replay to ' + sink.name} onclose=${onclose}>
    <p>Sends events of the journal again, with the header <code>tidemark-replay</code>. New events continue meanwhile.</p>
    <div class="fields"><label>Events of <select value=${fields.from} onchange=${change('from')}>${PERIODS.map((each) => html`<option value=${each.value}>${each.name}</option>`)}</select></label>
      <label>Mailbox <input placeholder="all; address or id" value=${fields.mailbox} oninput=${change('mailbox')} /></label>
      <label>Type <input placeholder="all; such as dev.tidemark.mailbox.message.*" value=${fields.type} oninput=${change('type')} /></label>
      <label>Events per second <input type="number" min="1" max="10000" value=${fields.rate} oninput=${change('rate')} /></label></div>
    <${Failure} error=${failure} />
    ${counted_ !== null && html`<p role="status">${counted_ === 0 ? 'No event matches.' : counted(counted_, 'event', 'events') + ' would be sent, in about ' + latency(counted_ / Number(fields.rate)) + '.'}</p>`}
    <p class="buttons"><button type="button" onclick=${onclose}>Cancel</button><${Button} kind=${counted_ ? '' : 'primary'} onclick=${() => ask(true)}>Count first<//>
      <${Button} kind="primary" disabled=${!counted_} onclick=${() => ask(false)}>${counted_ ? 'Send ' + count(counted_) + ' again' : 'Send again'}<//></p><//>`;
}

function Card({ sink, activity, isMarked, reload, ask, onreplay }) {
  const { now, timed } = recent(activity, sink.name);
  const isDisabled = sink.state === 'disabled';
  const change = (action, done) => act('Sink ' + sink.name + ' ' + done, async () => { await send(sink, action); reload(); });
  const question = { title: 'Disable sink ' + sink.name + '?', text: 'Its events wait until it is enabled, at most for store.max-undelivered. Other sinks continue.',
    action: 'Disable', isHarmful: true, run: () => change('disable', 'is disabled.') };
  return html`<section class="card ${isMarked ? 'marked' : ''}"><h2>${sink.name} <${Pill} state=${sink.state} /> <span>${sink.type}</span></h2>
    ${sink.lastError && html`<p class="notice">${sentence(sink.lastError)}${sink.remedy && html` <b>To do:</b> ${sentence(sink.remedy)}`}</p>`}
    ${sink.lastResponse && html`<details><summary>Last refused request: the receiver responded ${sink.lastResponse.status}</summary>
      <pre tabindex="0" aria-label=${'Body of the last response of ' + sink.name}>${sink.lastResponse.body || '(no body)'}</pre></details>`}
    <dl class="facts"><div><dt>Undelivered</dt><dd>${count(sink.backlog)}</dd></div>
      <div><dt>Oldest waits for</dt><dd><${Age} at=${sink.oldestUndeliveredAt} /></dd></div>
      <div><dt>Delivered per second</dt><dd>${now ? rate(now.delivered / now.seconds) : '–'}</dd></div>
      <div><dt>Half delivered within</dt><dd>${latency(timed && timed.deliverySeconds.p50)}</dd></div>
      <div><dt>99 % within</dt><dd>${latency(timed && timed.deliverySeconds.p99)}</dd></div></dl>
    <p class="buttons"><${Button} onclick=${() => test(sink)} label=${'Test ' + sink.name}>Test<//>
      <${Button} onclick=${() => change('enable', 'is enabled.')} label=${'Enable ' + sink.name} disabled=${sink.state === 'active'}>${isDisabled || sink.state === 'active' ? 'Enable' : 'Try now'}<//>
      <button type="button" disabled=${isDisabled} aria-label=${'Disable ' + sink.name} onclick=${() => ask(question)}>Disable</button>
      <button type="button" aria-label=${'Replay to ' + sink.name} onclick=${onreplay}>Replay…</button>
      <a href=${address('dead-letters', '', { sink: sink.name })}>Dead letters</a></p></section>`;
}

function Replays({ replays, reload }) {
  return replays.length > 0 && html`<section><h2>Replays</h2><ul class="list">${replays.map((each) => html`<li key=${each.id}>
    <progress aria-label=${'Replay to ' + each.sink} max=${Math.max(1, each.total)} value=${each.done}></progress>
    <span>To ${each.sink} since ${time(each.startedAt)}: ${count(each.done)} of ${count(each.total)}, at most ${each.rate} per second</span>
    <${Button} label=${'Cancel the replay to ' + each.sink} onclick=${() => act('The replay to ' + each.sink + ' is canceled.', async () => { await remove('/api/v1/replays/' + part(each.id)); reload(); })}>Cancel<//></li>`)}</ul></section>`;
}

export function Sinks({ id }) {
  const sinks = usePoll((signal) => get('/api/v1/sinks', signal), 2000, []);
  const replays = usePoll((signal) => get('/api/v1/replays', signal), 2000, []);
  const activity = usePoll((signal) => get('/api/v1/activity', signal), 10000, []);
  const [ask, dialog] = useQuestion();
  const [replay, setReplay] = useState(null);
  const onstart = (result) => {
    setReplay(null);
    act(counted(result.count, 'event is', 'events are') + ' sent again to ' + replay.name + '.', async () => replays.reload());
  };
  return html`<h1>Sinks</h1><${Failure} error=${sinks.error} />
    ${replays.data && html`<${Replays} replays=${replays.data.items} reload=${replays.reload} />`}
    <div class="cards-grid">${sinks.data && sinks.data.items.map((sink) => html`<${Card} key=${sink.name} sink=${sink} activity=${activity.data} isMarked=${sink.name === id}
      reload=${sinks.reload} ask=${ask} onreplay=${() => setReplay(sink)} />`)}</div>
    ${sinks.data && sinks.data.items.length === 0 && html`<p class="none">No sink is configured. Add one to the configuration.</p>`}
    ${dialog}${replay && html`<${Replay} sink=${replay} onclose=${() => setReplay(null)} onstart=${onstart} />`}`;
}
