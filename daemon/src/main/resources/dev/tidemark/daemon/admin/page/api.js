// Calls the admin API. The token stays in this tab and travels in a header only.

const TOKEN = 'tidemark-token';

// Error of a call, with the daemon's own sentence. Status 0: no response.
export class CallError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const listeners = new Set();

// State that all pages share: whether a token is needed, and since when the daemon does not respond.
export const link = { needsToken: false, wrongToken: false, lostAt: null };

function change(fields) {
  if (Object.keys(fields).every((name) => link[name] === fields[name])) return;
  Object.assign(link, fields);
  listeners.forEach((listener) => listener());
}

export function onLinkChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

// Takes the token from the fragment, which browsers send to no server, and removes it from the address.
export function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (!given) return;
  history.replaceState(null, '', location.pathname);
  logIn(given);
}

export function logIn(token) {
  sessionStorage.setItem(TOKEN, token.trim());
  change({ needsToken: false, wrongToken: false });
}

export function logOut() {
  sessionStorage.removeItem(TOKEN);
  change({ needsToken: true, wrongToken: false });
}

async function send(method, path, body, signal, accept) {
  const token = sessionStorage.getItem(TOKEN);
  const headers = { accept };
  if (token) headers.authorization = 'Bearer ' + token;
  if (body) headers['content-type'] = 'application/json';
  try {
    const response = await fetch(path, { method, headers, signal, body: body && JSON.stringify(body), credentials: 'omit' });
    change({ lostAt: null });
    if (response.status === 401) {
      change({ needsToken: true, wrongToken: Boolean(token) });
    }
    return response;
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    change({ lostAt: link.lostAt || Date.now() });
    throw new CallError(0, 'Tidemark does not respond.');
  }
}

async function problem(response) {
  try {
    return new CallError(response.status, (await response.json()).detail || response.statusText);
  } catch (notJson) {
    return new CallError(response.status, response.statusText || 'The response has no text.');
  }
}

async function call(method, path, body, signal) {
  const response = await send(method, path, body, signal, 'application/json');
  if (!response.ok) throw await problem(response);
  const text = await response.text();
  return text === '' ? {} : JSON.parse(text);
}

export const get = (path, signal) => call('GET', path, null, signal);

export const post = (path, body) => call('POST', path, body);

export const remove = (path) => call('DELETE', path);

export function query(path, parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  return given.length === 0 ? path : path + '?' + new URLSearchParams(given);
}

export const part = (text) => encodeURIComponent(text);

// Reads server-sent events. EventSource cannot send a header, and a token has no place in an address.
export async function* stream(path, signal) {
  const response = await send('GET', path, null, signal, 'text/event-stream');
  if (!response.ok) throw await problem(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const messages = (rest + value).split('\n\n');
      rest = messages.pop();
      for (const message of messages) yield parse(message);
    }
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    throw new CallError(0, 'The stream ended.');
  }
}

function parse(message) {
  const found = { type: 'message', id: '', data: '' };
  for (const line of message.split('\n')) {
    if (line.startsWith('event: ')) found.type = line.slice(7);
    if (line.startsWith('id: ')) found.id = line.slice(4);
    if (line.startsWith('data: ')) found.data += line.slice(6);
  }
  return found;
}
