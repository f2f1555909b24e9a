// Nodes of the cluster: state, version, clock and the work that each does alone.
import { counted, span } from './format.js';
import { get } from './api.js';
import { Age, At, Failure, html, Pill } from './parts.js';

export const readNodes = (signal) => get('/api/v1/nodes', signal);

// A daemon without a cluster lists itself, without work that needs a lease.
export const isCluster = (nodes) => nodes.length > 1 || nodes.some((each) => each.leases.length > 0);

const stateOf = (node) => (node.alive ? 'alive' : 'gone');

const worstFirst = (nodes) => [...nodes].sort((one, other) => one.alive - other.alive || one.name.localeCompare(other.name));

// Work of a lease in words; a lease of a sink is named "sink:NAME".
const work = (lease) => (lease === 'timed-work' ? 'timed work' : lease.replace(/^sink:/, 'sink '));

const lead = (milliseconds) => (milliseconds > 0 ? '+' : milliseconds < 0 ? '−' : '')
  + (Math.abs(milliseconds) < 1000 ? Math.abs(milliseconds) + ' ms' : span(Math.abs(milliseconds)));

function Row({ node }) {
  return html`<tr><td class="main">${node.name}</td><td data-label="State"><${Pill} state=${stateOf(node)} /></td>
    <td data-label="Version">${node.version}</td><td data-label="Started"><${At} at=${node.startedAt} /></td>
    <td data-label="Last seen" class="number"><${Age} at=${node.lastSeenAt} /></td>
    <td data-label="Clock" class="number">${lead(node.clockOffsetMs)}</td>
    <td data-label="Does alone" class="text">${node.leases.length > 0 ? node.leases.map(work).join(', ') : html`<span class="none">–</span>`}</td></tr>`;
}

function Gone({ names }) {
  return html`<p class="notice">${names.length === 1 ? 'Node ' + names[0] + ' is' : 'Nodes ' + names.join(', ') + ' are'} gone without a clean stop; the other nodes continue the work.
    ${' '}<b>To do:</b> Start ${names.length === 1 ? 'it' : 'them'}, or check the machine and its connection to PostgreSQL. A node that is removed for good is listed for a day.</p>`;
}

export function Nodes({ nodes }) {
  const items = nodes.data ? nodes.data.items : [];
  const gone = items.filter((each) => !each.alive).map((each) => each.name);
  return html`<h1>Nodes${nodes.data && html` <span>${counted(items.length - gone.length, 'alive', 'alive')}</span>`}</h1><${Failure} error=${nodes.error} />
    ${gone.length > 0 && html`<${Gone} names=${gone} />`}
    ${nodes.data && html`<div class="scroll"><table class="cards">
      <thead><tr><th scope="col">Node</th><th scope="col">State</th><th scope="col">Version</th><th scope="col">Started</th><th scope="col" class="number">Last seen</th>
        <th scope="col" class="number">Clock ahead</th><th scope="col">Does alone</th></tr></thead>
      <tbody>${worstFirst(items).map((node) => html`<${Row} key=${node.name} node=${node} />`)}</tbody></table></div>
      <p class="none">Each node takes callbacks and serves this page. Work with a lease is done by one node at a time; if a node stops, another node takes it over.</p>`}`;
}
