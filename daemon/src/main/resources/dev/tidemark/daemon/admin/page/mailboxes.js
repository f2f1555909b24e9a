// List of mailboxes: sorted, filtered and paged by the daemon, so that it serves 100,000 as well as three.
import { useState } from './preact-hooks.js';
import { get, part, post, query } from './api.js';
import { count, counted, sentence, STATES } from './format.js';
import { Age, Failure, html, note, Pager, Pill, SortHeads, usePoll, useQuestion, useTyped } from './parts.js';
import { address, refine } from './route.js';

const PAGE = 50;

export const ACTIONS = [
  { name: 'resubscribe', title: 'Resubscribe', meaning: 'Tidemark replaces the subscription at Exchange and continues from the last watermark.' },
  { name: 'resync', title: 'Resync', meaning: 'Tidemark subscribes again and searches for changes that it missed.' },
  { name: 'pause', title: 'Pause', meaning: 'Push and events stop until the mailbox is resumed. A resync then finds the changes.', isHarmful: true },
  { name: 'resume', title: 'Resume', meaning: 'Paused mailboxes are subscribed again, and a resync finds the changes of the pause.' },
];

const HEADS = [
  { name: 'Select', isHidden: true }, { name: 'Address', sort: 'address' }, { name: 'Group' }, { name: 'State', sort: 'worst' },
  { name: 'Last callback', sort: 'heard', isNumber: true }, { name: 'Watermark age', sort: 'watermark', isNumber: true }, { name: 'Last error' },
];

const path = ({ state, group, q, sort }, after) => query('/api/v1/mailboxes', { state, group, q, sort: sort || 'worst', after, limit: PAGE });

// Follows an operation of the daemon to its end.
async function follow(id, title, update) {
  for (;;) {
    const found = await get('/api/v1/operations/' + part(id) + '?wait=1');
    const failed = found.failed ? ', ' + count(found.failed) + ' not possible' : '';
    update(title + ': ' + count(found.done) + ' of ' + count(found.total || found.done) + ' done' + failed + (found.finishedAt ? '.' : '…'));
    if (found.finishedAt) return;
  }
}

async function runForAll(action, filter, onend) {
  try {
    const body = { ...(filter.state && { state: filter.state }), ...(filter.group && { group: filter.group }) };
    const started = await post('/api/v1/mailboxes/-/' + action.name, body);
    const update = note(action.title + ': started');
    follow(started.operation, action.title, update).then(onend, (error) => note(error.message, true));
  } catch (error) {
    note(error.message, true);
  }
}

async function runForEach(action, ids, onend) {
  const update = note(action.title + ': started');
  const refused = [];
  for (const id of ids) {
    try {
      await post('/api/v1/mailboxes/' + part(id) + '/' + action.name);
    } catch (error) {
      refused.push(error.message);
    }
  }
  update(action.title + ': ' + counted(ids.length - refused.length, 'mailbox', 'mailboxes') + ' accepted.');
  if (refused.length > 0) note(counted(refused.length, 'mailbox', 'mailboxes') + ' refused: ' + refused[0], true);
  onend();
}

function Bulk({ chosen, total, filter, ask, onend }) {
  const some = chosen.length > 0;
  const isPossible = some || (!filter.q && total > 0);
  const about = some ? counted(chosen.length, 'selected mailbox', 'selected mailboxes')
    : (filter.state || filter.group ? '' : 'all ') + counted(total, 'mailbox', 'mailboxes') + (filter.state ? ' in state ' + filter.state : '') + (filter.group ? ' of group ' + filter.group : '');
  const question = (action) => ({
    title: action.title + ' ' + about + '?',
    text: action.meaning + (action.name === 'pause' ? '' : ' Tidemark starts at most compensator.rate of them per second.'),
    action: action.title + ' ' + (some ? count(chosen.length) : count(total)),
    isHarmful: action.isHarmful,
    run: () => (some ? runForEach(action, chosen, onend) : runForAll(action, filter, onend)),
  });
  return html`<div class="bulk" role="group" aria-label="Actions on many mailboxes"><span>${isPossible ? about[0].toUpperCase() + about.slice(1) + ':' : 'Select mailboxes, or empty the search to act on all:'}</span>
    ${ACTIONS.map((action) => html`<button type="button" disabled=${!isPossible} onclick=${() => ask(question(action))}>${action.title}</button>`)}</div>`;
}

function Row({ mailbox, isChosen, onchoose }) {
  return html`<tr class=${isChosen ? 'chosen' : ''}>
    <td class="choice"><input type="checkbox" aria-label=${'Select ' + mailbox.address} checked=${isChosen} onchange=${onchoose} /></td>
    <td class="main"><a href=${address('mailboxes', mailbox.id)}>${mailbox.address}</a></td>
    <td data-label="Group">${mailbox.group}</td><td data-label="State"><${Pill} state=${mailbox.state} /></td>
    <td data-label="Last callback" class="number"><${Age} at=${mailbox.lastHeardAt} none="never" /></td>
    <td data-label="Watermark age" class="number"><${Age} at=${mailbox.watermarkAt} /></td>
    <td data-label="Last error" class="text">${mailbox.lastError ? sentence(mailbox.lastError) : html`<span class="none">–</span>`}</td></tr>`;
}

function Filter({ filter, onchange }) {
  const text = useTyped(filter.q || '', (q) => onchange({ q }));
  const group = useTyped(filter.group || '', (name) => onchange({ group: name }));
  return html`<form class="filter" role="search" onsubmit=${(event) => event.preventDefault()}>
    <label>Find <input type="search" autocomplete="off" placeholder="address or id" ...${text} /></label>
    <label>State <select value=${filter.state || ''} onchange=${(event) => onchange({ state: event.target.value })}>
      <option value="">any</option>${STATES.map((state) => html`<option value=${state}>${state}</option>`)}</select></label>
    <label>Group <input autocomplete="off" placeholder="any" ...${group} /></label>
    <label>Sort <select value=${filter.sort || 'worst'} onchange=${(event) => onchange({ sort: event.target.value })}>
      <option value="worst">worst first</option><option value="heard">longest silence</option>
      <option value="watermark">oldest watermark</option><option value="address">address</option></select></label></form>`;
}

export function Mailboxes({ filter }) {
  const [pages, setPages] = useState({ of: '', starts: [] });
  const [chosen, setChosen] = useState([]);
  const [ask, dialog] = useQuestion();
  const key = path(filter);
  const starts = pages.of === key ? pages.starts : [];
  const after = starts[starts.length - 1];
  const { data, error, reload } = usePoll(async (signal) => ({ key, after, ...(await get(path(filter, after), signal)) }), 5000, [key, after]);
  const isCurrent = data && data.key === key && data.after === after;
  const change = (fields) => { setChosen([]); refine(fields); };
  const choose = (id) => setChosen(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  const turn = (others) => { setChosen([]); setPages({ of: key, starts: others }); };
  const onend = () => { setChosen([]); reload(); };
  return html`<h1>Mailboxes${data && html` <span>${count(data.total)}</span>`}</h1>
    <${Filter} filter=${filter} onchange=${change} /><${Failure} error=${error} />
    ${data && html`<${Bulk} chosen=${chosen} total=${data.total} filter=${filter} ask=${ask} onend=${onend} />
      <div class="scroll ${isCurrent ? '' : 'stale'}"><table class="cards"><${SortHeads} heads=${HEADS} sort=${filter.sort || 'worst'} onsort=${(sort) => change({ sort })} />
        <tbody>${data.items.map((mailbox) => html`<${Row} key=${mailbox.id} mailbox=${mailbox} isChosen=${chosen.includes(mailbox.id)} onchoose=${() => choose(mailbox.id)} />`)}
          ${data.items.length === 0 && html`<tr><td colspan=${HEADS.length} class="none">No mailbox matches.</td></tr>`}</tbody></table></div>
      <${Pager} from=${starts.length * PAGE + 1} shown=${data.items.length} total=${count(data.total)} hasPrevious=${starts.length > 0} hasNext=${isCurrent && data.next !== null}
        onprevious=${() => turn(starts.slice(0, -1))} onnext=${() => turn([...starts, data.next])} />`}${dialog}`;
}
