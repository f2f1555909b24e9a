// Words for numbers, times and states. Times are in the zone of the viewer.

export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'local time';

const numbers = new Intl.NumberFormat('en-US');
const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;

// Difference between the daemon's clock and the browser's, so that ages are right on a machine with a wrong clock.
let ahead = 0;

export function followClock(daemonsNow) {
  const difference = daemonsNow - Date.now();
  ahead = Math.abs(difference) > 3 * SECOND ? difference : 0;
}

export const now = () => Date.now() + ahead;

export const count = (number) => numbers.format(number);

export const counted = (number, one, many) => count(number) + ' ' + (number === 1 ? one : many);

const two = (number) => String(number).padStart(2, '0');

const day = (date) => date.getFullYear() + '-' + two(date.getMonth() + 1) + '-' + two(date.getDate());

// Returns the time of day, with the date if it is not today's.
export function time(moment) {
  const date = new Date(moment);
  const clock = two(date.getHours()) + ':' + two(date.getMinutes()) + ':' + two(date.getSeconds());
  return day(date) === day(new Date(now())) ? clock : day(date) + ' ' + clock;
}

export function span(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / SECOND));
  if (seconds < 120) return seconds + ' s';
  if (seconds < 7200) return Math.round(seconds / 60) + ' min';
  if (milliseconds < 2 * DAY) return Math.round(seconds / 3600) + ' h';
  return Math.round(milliseconds / DAY) + ' d';
}

export const age = (moment) => span(now() - Date.parse(moment));

export const until = (moment) => span(Date.parse(moment) - now());

// Returns a duration in seconds with two digits.
export function latency(seconds) {
  if (seconds === null || seconds === undefined) return '–';
  if (seconds === 0) return '0';
  if (seconds < 1) return Number((seconds * 1000).toPrecision(2)) + ' ms';
  return seconds < 100 ? Number(seconds.toPrecision(2)) + ' s' : span(seconds * SECOND);
}

export function rate(perSecond) {
  if (perSecond === 0) return '0';
  return perSecond < 10 ? perSecond.toFixed(perSecond < 1 ? 2 : 1) : count(Math.round(perSecond));
}

const MOMENT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

// Returns a clause as a sentence, with its times in the zone of the viewer. The name of a host or a file keeps its first letter.
export function sentence(clause) {
  const text = String(clause).trim().replace(MOMENT, (moment) => time(moment));
  if (text === '') return '';
  const first = /^[a-z]+['’,;:]?(\s|$)/.test(text) ? text[0].toUpperCase() + text.slice(1) : text;
  return first + (/[.!?…]$/.test(text) ? '' : '.');
}

const BAD = ['failed', 'silent', 'unavailable', 'held', 'disabled', 'refused', 'gone'];
const GOOD = ['active', 'available', 'alive'];
const CALM = ['paused', 'new', 'removed'];

export function tone(state) {
  if (BAD.includes(state)) return 'bad';
  if (GOOD.includes(state)) return 'good';
  return CALM.includes(state) ? 'calm' : 'warn';
}

// States of the mailboxes that lists show, worst first.
export const STATES = ['failed', 'silent', 'degraded', 'resyncing', 'subscribing', 'new', 'paused', 'active'];

export const shortType = (type) => type.replace('dev.tidemark.', '');
