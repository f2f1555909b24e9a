// Events as they are stored.
import { useEffect, useRef, useState } from './preact-hooks.js';
import { get, query, stream } from './api.js';
import { shortType, time } from './format.js';
import { eventWords } from './history.js';
import { Failure, html, useTyped } from './parts.js';
import { address, refine } from './route.js';
import { Content } from './letters.js';

const KEPT = 200;
const RETRY = 2000;
const REDRAW = 250;

// Reads the stream while `isRunning`. After a loss it resumes behind the last event.
function useStream(filter, isRunning) {
  const [state, set] = useState({ events: [], error: null, isOpen: false });
  const last = useRef('now');
  useEffect(() => { last.current = 'now'; set({ events: [], error: null, isOpen: false }); }, [filter.mailbox, filter.type]);
  useEffect(() => {
    if (!isRunning) return undefined;
    const aborter = new AbortController();
    let arrived = [];
    function draw() {
      if (arrived.length === 0) return;
      const newest = arrived.reverse();
      arrived = [];
      set((old) => ({ ...old, events: [...newest, ...old.events].slice(0, KEPT) }));
    }
    // a busy journal must not redraw the page for each event
    const timer = setInterval(draw, REDRAW);
    async function read() {
      if (last.current === 'now') {
        // without it, a stream that is interrupted before its first event has no position to resume from
        last.current = (await get('/api/v1/events?after=now&limit=1', aborter.signal)).next;
      }
      const path = query('/api/v1/events/stream', { after: last.current, mailbox: filter.mailbox, type: filter.type });
      let isFirst = true;
      for await (const message of stream(path, aborter.signal)) {
        // the next stream reads the unread events
        if (aborter.signal.aborted) return;
        // a comment begins each stream: from now on, no event is missed
        if (isFirst) set((old) => ({ ...old, error: null, isOpen: true }));
        isFirst = false;
        if (message.id) last.current = message.id;
        if (message.type === 'message' && message.data) arrived.push({ position: message.id, event: JSON.parse(message.data) });
        if (arrived.length > KEPT) arrived.shift();
      }
    }
    async function readOn() {
      while (!aborter.signal.aborted) {
        try {
          await read();
        } catch (error) {
          if (aborter.signal.aborted) return;
          if (error.status === 410) last.current = 'now';
          set((old) => ({ ...old, error, isOpen: false }));
        }
        await new Promise((done) => { setTimeout(done, RETRY); });
      }
    }
    readOn();
    // the next stream begins behind the last event that arrived, so this one is shown now
    return () => {
      clearInterval(timer);
      aborter.abort();
      draw();
      set((old) => ({ ...old, isOpen: false }));
    };
  }, [filter.mailbox, filter.type, isRunning]);
  return state;
}

export function Live({ filter }) {
  const [isRunning, setRunning] = useState(true);
  const [shown, setShown] = useState(null);
  const { events, error, isOpen } = useStream(filter, isRunning);
  const mailbox = useTyped(filter.mailbox || '', (text) => refine({ mailbox: text }));
  const type = useTyped(filter.type || '', (text) => refine({ type: text }));
  return html`<h1>Live events</h1>
    <form class="filter" role="search" onsubmit=${(event) => event.preventDefault()}>
      <label>Mailbox <input autocomplete="off" placeholder="address or id" ...${mailbox} /></label>
      <label>Type <input autocomplete="off" placeholder="such as dev.tidemark.sink.*" ...${type} /></label>
      <button type="button" onclick=${() => setRunning(!isRunning)}>${isRunning ? 'Pause' : 'Continue'}</button>
      <span class="none" role="status">${!isRunning ? 'Paused; continues where it stopped.' : isOpen ? 'Connected; the newest event is on top.' : 'Connecting…'}</span></form>
    <${Failure} error=${error} />
    ${events.length === 0 ? html`<p class="none">No event since this page was opened. New events appear here by themselves.</p>` : html`<div class="scroll"><table class="cards">
      <thead><tr><th scope="col">Event</th><th scope="col">Mailbox</th><th scope="col">Recorded</th><th scope="col">Type</th><th scope="col">By</th><th scope="col">Content</th></tr></thead>
      <tbody>${events.map(({ position, event }) => html`<tr key=${position}><td class="main">${eventWords(event)}</td>
        <td data-label="Mailbox">${event.subject ? html`<a href=${address('mailboxes', event.subject)}>${event.subject}</a>` : '–'}</td>
        <td data-label="Recorded">${time(event.recordedtime)}</td><td data-label="Type">${shortType(event.type)}</td><td data-label="By">${event.origin || '–'}</td>
        <td class="buttons"><button type="button" aria-label=${'Show ' + event.id} onclick=${() => setShown(event)}>Show</button></td></tr>`)}</tbody></table></div>`}
    ${shown && html`<${Content} title=${shortType(shown.type)} event=${shown} onclose=${() => setShown(null)} />`}`;
}
