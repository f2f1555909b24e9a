// Parts that several pages share.
import { h, render } from './preact.js';
import { useEffect, useRef, useState } from './preact-hooks.js';
import htm from './htm.js';
import { CallError } from './api.js';
import { age, time, tone } from './format.js';

export const html = htm.bind(h);
export { render };

// Loads data at once and then at an interval, while the page is visible. Keeps the last data after a failure.
export function usePoll(load, every, keys) {
  const [state, set] = useState({ data: null, error: null });
  const reload = useRef(() => {});
  useEffect(() => {
    const aborter = new AbortController();
    let timer = 0;
    let newest = 0;
    async function go() {
      const run = ++newest;
      clearTimeout(timer);
      let next = (last) => last;
      if (!document.hidden) {
        try {
          const data = await load(aborter.signal);
          next = () => ({ data, error: null });
        } catch (error) {
          next = (last) => ({ data: last.data, error });
        }
      }
      if (aborter.signal.aborted || run !== newest) return;
      set(next);
      timer = setTimeout(go, every);
    }
    const onVisible = () => { if (!document.hidden) go(); };
    document.addEventListener('visibilitychange', onVisible);
    reload.current = go;
    set((last) => ({ data: last.data, error: null }));
    go();
    return () => {
      aborter.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, keys);
  return { ...state, reload: () => reload.current() };
}

export const Pill = ({ state }) => html`<span class="pill ${tone(state)}">${state}</span>`;

// Shows a moment as its age, with the exact time for those who point at it.
export const Age = ({ at, none = '–' }) =>
  at ? html`<time datetime=${at} title=${time(at)}>${age(at)}</time>` : html`<span class="none">${none}</span>`;

export const At = ({ at }) => (at ? html`<time datetime=${at}>${time(at)}</time>` : html`<span class="none">–</span>`);

// Shows the sentence of a failed load. A missing token or connection has its own place at the top of the page.
export const Failure = ({ error }) =>
  error instanceof CallError && error.status !== 0 && error.status !== 401
    ? html`<p class="notice" role="alert">${error.message}</p>`
    : null;

export function Button({ onclick, children, kind = '', label, disabled = false }) {
  const [busy, setBusy] = useState(false);
  const alive = useRef(true);
  useEffect(() => () => { alive.current = false; }, []);
  async function press() {
    setBusy(true);
    await onclick();
    if (alive.current) setBusy(false);
  }
  return html`<button type="button" class=${kind} aria-label=${label} disabled=${busy || disabled} onclick=${press}>${children}</button>`;
}

let notes = [];
let shownNotes = () => {};

// Shows a message at the bottom of the page. A failure stays until it is closed.
export function note(text, isFailure = false) {
  const added = { text, isFailure };
  notes = [...notes.slice(-3), added];
  shownNotes(notes);
  if (!isFailure) setTimeout(() => drop(added), 8000);
  return (other) => {
    added.text = other;
    shownNotes([...notes]);
  };
}

function drop(old) {
  notes = notes.filter((each) => each !== old);
  shownNotes(notes);
}

// Runs an action and shows its result.
export async function act(done, run) {
  try {
    const result = await run();
    note(typeof done === 'function' ? done(result) : done);
    return result;
  } catch (error) {
    note(error.message, true);
    return null;
  }
}

export function Notes() {
  const [all, set] = useState(notes);
  useEffect(() => { shownNotes = set; }, []);
  return html`<div class="notes" role="status">${all.map((each) => html`<p class=${each.isFailure ? 'bad' : ''}>
    <span>${each.text}</span> <button type="button" class="plain" aria-label="Close this message" onclick=${() => drop(each)}>×</button></p>`)}</div>`;
}

// Modal dialog of the browser, which keeps the focus inside and closes with Escape.
export function Dialog({ title, children, onclose }) {
  const box = useRef(null);
  useEffect(() => {
    const opened = box.current;
    opened.showModal();
    // gives the focus back to the button that opened the dialog
    return () => opened.close();
  }, []);
  return html`<dialog ref=${box} aria-labelledby="dialog-title" onclose=${onclose}>
    <h2 id="dialog-title">${title}</h2>${children}</dialog>`;
}

// Asks before an action. Gives a function that opens the question, and the dialog to show.
export function useQuestion() {
  const [asked, set] = useState(null);
  const close = () => set(null);
  const dialog = asked && html`<${Dialog} title=${asked.title} onclose=${close}>
    <p>${asked.text}</p>
    <p class="buttons"><button type="button" onclick=${close}>Cancel</button>
      <${Button} kind=${asked.isHarmful ? 'primary harm' : 'primary'} onclick=${async () => { await asked.run(); close(); }}>${asked.action}<//></p><//>`;
  return [set, dialog];
}

// Row of headings that sort the table. A heading without an order is text.
export const SortHeads = ({ heads, sort, onsort }) => html`<thead><tr>${heads.map((head) => html`
  <th scope="col" class=${head.isNumber ? 'number' : ''} aria-sort=${head.sort && head.sort === sort ? 'ascending' : undefined}>
    ${head.sort ? html`<button type="button" class="head" onclick=${() => onsort(head.sort)}>${head.name}<span aria-hidden="true">${head.sort === sort ? ' ▾' : ''}</span></button>`
      : head.isHidden ? html`<span class="unseen">${head.name}</span>` : head.name}</th>`)}</tr></thead>`;

export const Pager = ({ from, shown, total, hasPrevious, hasNext, onprevious, onnext }) => html`<div class="pager">
  <button type="button" disabled=${!hasPrevious} onclick=${onprevious}>Previous</button>
  <span>${shown === 0 ? 'none' : from + '–' + (from + shown - 1)}${total === undefined ? '' : ' of ' + total}</span>
  <button type="button" disabled=${!hasNext} onclick=${onnext}>Next</button></div>`;

// Text that applies shortly after the last key.
export function useTyped(value, apply) {
  const timer = useRef(0);
  const [text, set] = useState(value);
  useEffect(() => { set(value); }, [value]);
  return {
    value: text,
    oninput: (event) => {
      set(event.target.value);
      clearTimeout(timer.current);
      const typed = event.target.value;
      timer.current = setTimeout(() => apply(typed.trim()), 300);
    },
  };
}
