// Dead letters: events that a sink refused until their retries ended.
import { useState } from './preact-hooks.js';
import { get, part, post, query, remove } from './api.js';
import { counted, sentence, shortType } from './format.js';
import { eventWords } from './history.js';
import { act, At, Button, Dialog, Failure, html, Pager, usePoll, useQuestion, useTyped } from './parts.js';
import { address, refine } from './route.js';

const PAGE = 50;
const ALL = '/api/v1/dead-letters';

const path = ({ sink, mailbox, type, since }, after) => query(ALL, { sink, mailbox, type, since, after, limit: PAGE });

function Filter({ filter, sinks, onchange }) {
  const mailbox = useTyped(filter.mailbox || '', (text) => onchange({ mailbox: text }));
  const type = useTyped(filter.type || '', (text) => onchange({ type: text }));
  return html`<form class="filter" role="search" onsubmit=${(event) => event.preventDefault()}>
    <label>Sink <select value=${filter.sink || ''} onchange=${(event) => onchange({ sink: event.target.value })}><option value="">any</option>
      ${sinks.map((each) => html`<option value=${each.name}>${each.name}</option>`)}</select></label>
    <label>Mailbox <input autocomplete="off" placeholder="address or id" ...${mailbox} /></label>
    <label>Type <input autocomplete="off" placeholder="such as dev.tidemark.mailbox.*" ...${type} /></label>
    <label>Since <select value=${filter.since || ''} onchange=${(event) => onchange({ since: event.target.value })}>
      <option value="">any time</option><option value="1h">the last hour</option><option value="24h">the last day</option><option value="7d">the last week</option></select></label></form>`;
}

function Row({ letter, reload, ask, onshow }) {
  const one = ALL + '/' + part(letter.id);
  const again = () => act('The event is sent again to ' + letter.sink + '.', async () => { await post(one + '/replay'); reload(); });
  const drop = { title: 'Drop this dead letter?', text: 'The event ' + letter.eventId + ' is not sent to ' + letter.sink + '. The journal keeps it until retention removes it.',
    action: 'Drop', isHarmful: true, run: () => act('The dead letter is dropped.', async () => { await remove(one); reload(); }) };
  return html`<tr><td class="main">${eventWords(letter.event)}<br /><small>${shortType(letter.type)}</small></td>
    <td data-label="Mailbox">${letter.mailbox ? html`<a href=${address('mailboxes', letter.mailbox)}>${letter.event.subject || letter.mailbox}</a>` : '–'}</td>
    <td data-label="Sink"><a href=${address('sinks', letter.sink)}>${letter.sink}</a></td><td data-label="Died"><${At} at=${letter.deadLetteredAt} /></td>
    <td data-label="Attempts" class="number">${letter.attempts}</td><td data-label="Reason" class="text">${sentence(letter.reason)}</td>
    <td class="buttons"><button type="button" aria-label=${'Show ' + letter.eventId} onclick=${onshow}>Show</button>
      <${Button} label=${'Send ' + letter.eventId + ' again'} onclick=${again}>Send again<//>
      <button type="button" aria-label=${'Drop ' + letter.eventId} onclick=${() => ask(drop)}>Drop</button></td></tr>`;
}

export const Content = ({ title, event, children, onclose }) => html`<${Dialog} title=${title} onclose=${onclose}>${children}
  <pre tabindex="0" aria-label="Event as JSON">${JSON.stringify(event, null, 2)}</pre><p class="buttons"><button type="button" onclick=${onclose}>Close</button></p><//>`;

const LastResponse = ({ letter }) => html`<p>${letter.status === null ? 'No response is stored: ' + letter.reason + '.' : 'The receiver responded ' + letter.status + ' to the last attempt:'}</p>
  ${letter.status !== null && html`<pre tabindex="0" aria-label="Body of the response">${letter.responseBody || '(no body)'}</pre>`}`;

export function Letters({ filter }) {
  const [pages, setPages] = useState({ of: '', starts: [] });
  const [shown, setShown] = useState(null);
  const [ask, dialog] = useQuestion();
  const key = path(filter);
  const starts = pages.of === key ? pages.starts : [];
  const after = starts[starts.length - 1];
  const { data, error, reload } = usePoll((signal) => get(path(filter, after), signal), 5000, [key, after]);
  const sinks = usePoll((signal) => get('/api/v1/sinks', signal), 30000, []);
    const all = { title: filter.sink ? 'Send all dead letters of ' + filter.sink + ' again?' : 'Send all dead letters again?',
    text: 'Each goes to its sink again. First make sure that the receiver accepts it; otherwise it comes back.', action: 'Send all again',
    run: () => act((result) => counted(result.count, 'dead letter is', 'dead letters are') + ' sent again.', async () => {
      const result = await post(query(ALL + '/replay', { sink: filter.sink }));
      reload();
      return result;
    }) };
  return html`<h1>Dead letters</h1>
    <${Filter} filter=${filter} sinks=${(sinks.data && sinks.data.items) || []} onchange=${refine} /><${Failure} error=${error} />
    ${data && (data.items.length === 0 ? html`<p class="none">There ${starts.length ? 'are no more' : 'is no'} dead letter${starts.length ? 's' : ''}${key === path({}) ? '' : ' that match' + (starts.length ? '' : 'es')}.</p>` : html`
      <div class="bulk"><span>${filter.sink ? 'Dead letters of ' + filter.sink : 'All dead letters'}:</span><button type="button" onclick=${() => ask(all)}>Send all again</button></div>
      <div class="scroll"><table class="cards"><thead><tr>${['Event', 'Mailbox', 'Sink', 'Died', 'Attempts', 'Reason', 'Actions'].map((name) => html`<th scope="col" class=${name === 'Attempts' ? 'number' : ''}>${name}</th>`)}</tr></thead>
        <tbody>${data.items.map((letter) => html`<${Row} key=${letter.id} letter=${letter} reload=${reload} ask=${ask} onshow=${() => setShown(letter)} />`)}</tbody></table></div>`)}
    ${data && (starts.length > 0 || data.next) && html`<${Pager} from=${starts.length * PAGE + 1} shown=${data.items.length} hasPrevious=${starts.length > 0} hasNext=${data.next !== null}
      onprevious=${() => setPages({ of: key, starts: starts.slice(0, -1) })} onnext=${() => setPages({ of: key, starts: [...starts, data.next] })} />`}
    ${dialog}${shown && html`<${Content} title=${'Dead letter of ' + shown.sink} event=${shown.event} onclose=${() => setShown(null)}><${LastResponse} letter=${shown} /><//>`}`;
}
