// Plot of the last hour.
import { useEffect, useRef, useState } from './preact-hooks.js';
import uPlot from './uplot.js';
import { now, time } from './format.js';
import { html } from './parts.js';

const HEIGHT = 110;
const HOUR = 3600;

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();

function options(width, series, format, onpoint) {
  const axis = { stroke: color('soft'), font: '11px system-ui, sans-serif', grid: { stroke: color('line'), width: 1 }, ticks: { show: false } };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { time: true, range: () => [now() / 1000 - HOUR, now() / 1000] },
      y: { range: (plot, min, max) => [0, max > 0 ? max * 1.1 : 1] },
    },
    axes: [
      { ...axis, size: 22, space: 60, values: (plot, moments) => moments.map((each) => time(each * 1000).slice(-8, -3)) },
      { ...axis, size: 52, space: 28, values: (plot, values) => values.map(format) },
    ],
    series: [{}, ...series.map((each) => ({ stroke: color(each.color), width: 1.5, fill: each.isFilled ? color(each.color) + '22' : undefined,
      points: { show: false }, spanGaps: false }))],
    hooks: { setCursor: [(plot) => onpoint(plot.cursor.idx)] },
  };
}

// Draws values by time. `series` name and color each line; `data` has the times in seconds first, then the values.
export function Plot({ title, current, series, data, format }) {
  const box = useRef(null);
  const plot = useRef(null);
  const newest = useRef(data);
  const [point, setPoint] = useState(null);
  newest.current = data;

  useEffect(() => {
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    function draw() {
      if (plot.current) plot.current.destroy();
      plot.current = new uPlot(options(box.current.clientWidth, series, format, setPoint), padded(newest.current), box.current);
    }
    const sized = new ResizeObserver(() => plot.current.setSize({ width: box.current.clientWidth, height: HEIGHT }));
    draw();
    sized.observe(box.current);
    scheme.addEventListener('change', draw);
    return () => {
      scheme.removeEventListener('change', draw);
      sized.disconnect();
      plot.current.destroy();
      plot.current = null;
    };
  }, []);
  useEffect(() => { if (plot.current) plot.current.setData(padded(data)); }, [data]);

  const at = point !== null && point !== undefined && data[0][point] !== undefined ? point : null;
  const values = series.map((each, index) => {
    const value = at === null ? null : data[index + 1][at];
    return html`<span class="key"><i class=${'line ' + each.color}></i>${each.name}${value === null || value === undefined ? '' : ' ' + format(value)}</span>`;
  });
  return html`<figure class="plot"><figcaption><span>${title}</span><strong>${current}</strong></figcaption>
    <div ref=${box} role="img" aria-label=${title + ', last hour; now ' + current}></div>
    <p class="keys">${values}${at !== null && html`<span class="at">${time(data[0][at] * 1000)}</span>`}</p></figure>`;
}

// uPlot needs one time at least.
const padded = (data) => (data[0].length === 0 ? [[now() / 1000], ...data.slice(1).map(() => [null])] : data);

const MIN_SECONDS = 5;

// Returns the samples that are long enough to tell a rate, with their length and time in seconds.
export function measured(activity) {
  return activity.samples
    .map((each) => ({ ...each, seconds: (Date.parse(each.to) - Date.parse(each.from)) / 1000, at: Date.parse(each.to) / 1000 }))
    .filter((each) => each.seconds >= MIN_SECONDS);
}

export const column = (samples, value) => samples.map((each) => {
  const found = value(each);
  return found === undefined ? null : found;
});
