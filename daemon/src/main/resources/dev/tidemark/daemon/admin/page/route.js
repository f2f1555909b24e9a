// Pages by the fragment of the address, such as #/mailboxes?state=failed.
import { part, query } from './api.js';

export function route() {
  const [path, search = ''] = location.hash.replace(/^#/, '').split('?');
  const names = path.split('/').filter((name) => name !== '').map(decode);
  return { page: names[0] || '', id: names[1] || '', filter: Object.fromEntries(new URLSearchParams(search)) };
}

function decode(name) {
  try {
    return decodeURIComponent(name);
  } catch (malformed) {
    return name;
  }
}

export const address = (page, id = '', filter = {}) => query('#/' + page + (id && '/' + part(id)), filter);

// Changes parts of the filter of the current page, without a new entry in the history of the browser.
export function refine(fields) {
  const { page, id, filter } = route();
  history.replaceState(null, '', address(page, id, { ...filter, ...fields }));
  dispatchEvent(new HashChangeEvent('hashchange'));
}
