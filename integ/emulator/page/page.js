'use strict';
// Shows what /_emulator/events says. Everything that comes from there is put into the page as text, never as markup.

const SVG = 'http://www.w3.org/2000/svg';

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

function drawn(name, attributes = {}, text) {
  const made = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function kindOf(state) {
  if (/FAIL|ROLLBACK|DEGRADED|DELETED|PendingDeletion|Unavailable/.test(state)) return 'bad';
  if (/PROGRESS|PENDING|CONNECTING|INITIALIZED$|Creating/.test(state) && state !== 'INITIALIZED') return 'busy';
  return 'good';
}

function state(text) {
  return element('span', { class: kindOf(text) }, text);
}

function id(text) {
  return element('span', { class: 'id' }, text ?? '');
}

function nothing(text) {
  return element('p', { class: 'none' }, text);
}

/** A table with a caption; cells are text or elements. */
function table(caption, heads, rows) {
  const head = element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text)));
  const body = rows.map(([first, ...rest]) => element('tr', {}, element('th', { scope: 'row' }, first), ...rest.map((cell) => element('td', {}, cell ?? ''))));
  return element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    element('table', {}, element('caption', {}, caption), element('thead', {}, head), element('tbody', {}, ...body)));
}

function seconds(value) {
  const whole = Math.round(value);
  return whole < 120 ? `${Math.round(value * 10) / 10} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/* ------------------------------------------------------------------ sections */

function facts({ emulatedSeconds, seed, deterministic, criticalPath, hourlyCost }) {
  const entries = [
    ['Emulated time', seconds(emulatedSeconds)],
    ['Operations with clusters took', seconds(criticalPath.actualSeconds)],
    ['of that CloudHSM itself', seconds(criticalPath.floorSeconds)],
    ['Overhead', `${(criticalPath.overhead * 100).toFixed(1)} %`],
    ['Would cost', `$${hourlyCost.toFixed(2)} an hour`],
    ['Seed', `${seed}${deterministic ? '' : ', not repeatable'}`],
  ];
  return [element('dl', { class: 'facts' }, ...entries.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))))];
}

function clusters({ clusters: all }) {
  if (all.length === 0) return [nothing('No cluster yet.')];
  return all.flatMap((cluster) => {
    const zones = Map.groupBy ? Map.groupBy(cluster.hsms, ({ availabilityZone }) => availabilityZone) : grouped(cluster.hsms);
    const hsms = [...zones].sort(([a], [b]) => a.localeCompare(b)).flatMap(([zone, inZone]) => inZone.map((hsm) => [zone, id(hsm.hsmId), state(hsm.state), id(hsm.eniId), id(hsm.eniIp)]));
    return [
      element('h3', {}, id(cluster.clusterId), ' ', state(cluster.state)),
      element('p', {}, `${cluster.hsmType}, ${cluster.mode}, ${cluster.region}, ${cluster.backups.length} backups`),
      hsms.length > 0 ? table('HSMs by Availability Zone', ['Zone', 'HSM', 'State', 'Interface', 'Address'], hsms) : nothing('No HSM.'),
      cluster.users.length > 0
        ? table('Users', ['Name', 'Role', 'On the HSMs'], cluster.users.map(({ username, role, coverage }) => [username, role, coverage]))
        : nothing('No users: the cluster is not activated.'),
    ];
  });
}

function grouped(hsms) {
  const zones = new Map();
  for (const hsm of hsms) zones.set(hsm.availabilityZone, [...zones.get(hsm.availabilityZone) ?? [], hsm]);
  return zones;
}

function keys({ keyStores, keys: all }) {
  const stores = keyStores.map(({ name, keyStoreId, clusterId, connectionState, connectionErrorCode }) => [
    name, id(keyStoreId), id(clusterId), element('span', {}, state(connectionState), connectionErrorCode ? ` ${connectionErrorCode}` : ''),
  ]);
  return [
    stores.length > 0 ? table('Custom key stores', ['Name', 'Id', 'Cluster', 'Connection'], stores) : nothing('No custom key store.'),
    all.length > 0
      ? table('KMS keys', ['Key', 'State', 'Origin', 'Key store'], all.map(({ keyId, state: keyState, origin, keyStoreId }) => [id(keyId), state(keyState), origin, id(keyStoreId)]))
      : nothing('No KMS key.'),
  ];
}

function stacks({ stacks: all }) {
  if (all.length === 0) return [nothing('No stack yet.')];
  return all.map(({ name, status, region, statusReason, resources }) => element('details', { 'data-key': `${region}/${name}` },
    element('summary', {}, element('strong', {}, name), ' ', state(status), ` ${region}, ${resources.length} resources`),
    statusReason ? element('p', {}, statusReason) : undefined,
    table(`Resources of ${name}`, ['Logical id', 'Type', 'Status', 'Physical id', 'Reason'], resources.map((resource) => [
      resource.logicalId, resource.type, state(resource.status), id(resource.physicalId), resource.reason ?? '',
    ]))));
}

function refusals({ denied, unreachable, notBuilt }) {
  const rows = (calls) => [...calls].reverse().map(({ at, service, operation, principal, error }) => [`${service} ${operation}`, seconds(at), id(principal), error]);
  const heads = ['Call', 'At', 'By', 'Told'];
  return [
    denied.length > 0 ? table('Denied calls, the last first', heads, rows(denied)) : nothing('No call was denied.'),
    unreachable.length > 0 ? table('Calls that did not arrive, the last first', heads, rows(unreachable)) : nothing('Every call arrived.'),
    notBuilt.length > 0 ? element('div', {}, element('h3', {}, 'Recorded, not emulated'), element('ul', {}, ...notBuilt.map((what) => element('li', {}, what)))) : undefined,
  ].filter((part) => part !== undefined);
}

function faults({ faults: all }) {
  if (all.length === 0) return [nothing('No fault was asked for.')];
  return [table('Faults', ['Place', 'Kind', 'From', 'Times', 'Passed', 'Fired'], all.map((fault) => [
    `${fault.service} ${fault.operation}${fault.resource ? ` of ${fault.resource}` : ''}`, fault.kind, `no. ${fault.nth}`, fault.times === 0 ? 'always' : String(fault.times),
    String(fault.seen), String(fault.fired),
  ]))];
}

/* ------------------------------------------------------------------ timeline */

const WIDTH = 1000;
const LABELS = 300;
const ROW = 18;

function timeline({ bars, emulatedSeconds }) {
  if (bars.length === 0) return [nothing('Nothing has happened yet.')];
  const from = Math.min(...bars.map((bar) => bar.from));
  const to = Math.max(...bars.map((bar) => bar.to ?? emulatedSeconds), from + 1);
  const x = (at) => LABELS + ((at - from) / (to - from)) * (WIDTH - LABELS - 110);
  const critical = bars.filter((bar) => bar.critical).length;
  const chart = drawn('svg', {
    viewBox: `0 0 ${WIDTH} ${(bars.length + 2) * ROW}`, role: 'img',
    'aria-label': `${bars.length} stretches in ${seconds(to - from)}, ${critical} of them on the critical path; the table below says the same`,
  });
  for (let part = 0; part <= 4; part++) {
    const at = from + ((to - from) * part) / 4;
    chart.append(drawn('line', { x1: x(at), x2: x(at), y1: ROW, y2: (bars.length + 2) * ROW }), drawn('text', { x: x(at), y: 12, class: 'quiet' }, seconds(at - from)));
  }
  bars.forEach((bar, row) => chart.append(...barOf(bar, (row + 1) * ROW, x, emulatedSeconds)));
  const rows = bars.map((bar) => [nameOf(bar), bar.action, seconds(bar.from - from), bar.to === undefined ? 'goes on' : seconds(bar.to - bar.from), bar.outcome, bar.critical ? 'critical' : '']);
  return [
    element('ul', { class: 'legend' }, legend('', 'in time'), legend('critical', 'on the critical path'), legend('failed', 'failed')),
    element('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Chart' }, chart),
    element('details', { 'data-key': 'timeline' }, element('summary', {}, 'As a table'), table('Timeline', ['What', 'Action', 'Begins after', 'Takes', 'Outcome', 'Path'], rows)),
  ];
}

function barOf(bar, y, x, now) {
  const end = bar.to ?? now;
  const kinds = [bar.critical ? 'critical' : '', bar.outcome === 'complete' ? '' : bar.outcome].filter((kind) => kind !== '').join(' ');
  const rect = drawn('rect', { x: x(bar.from), y: y + 3, width: Math.max(2, x(end) - x(bar.from)), height: bar.resource === undefined ? 12 : 10, rx: 2, class: kinds });
  rect.append(drawn('title', {}, `${nameOf(bar)}: ${bar.action}, ${seconds(end - bar.from)}, ${bar.outcome}`));
  const name = nameOf(bar);
  return [
    drawn('text', { x: bar.resource === undefined ? 0 : 14, y: y + 12 }, name.length > 42 ? `${name.slice(0, 41)}…` : name),
    rect,
    drawn('text', { x: x(end) + 5, y: y + 12, class: 'quiet' }, `${seconds(end - bar.from)}${bar.critical ? ' ●' : ''}`),
  ];
}

function nameOf({ stack, resource }) {
  return resource ?? `stack ${stack}`;
}

function legend(kind, text) {
  const sample = drawn('svg', { viewBox: '0 0 10 10', 'aria-hidden': 'true' });
  sample.append(drawn('rect', { width: 10, height: 10, rx: 2, class: kind }));
  return element('li', {}, sample, kind === 'critical' ? `${text} (●)` : text);
}

/* ------------------------------------------------------------------ live */

const SECTIONS = { facts, clusters, keys, stacks, timeline, refusals, faults };
const shown = {};

/** Draws a section anew only when it has changed, and leaves open what was open. */
function show(name, parts) {
  const made = element('div', {}, ...parts);
  if (shown[name] === made.outerHTML) return;
  shown[name] = made.outerHTML;
  const section = document.getElementById(name);
  const old = section.querySelector(':scope > div');
  const opened = new Set([...section.querySelectorAll('details[open]')].map((details) => details.dataset.key));
  made.querySelectorAll('details').forEach((details) => details.toggleAttribute('open', opened.has(details.dataset.key)));
  if (old) old.replaceWith(made);
  else section.append(made);
}

function say(text) {
  const line = document.getElementById('state');
  if (line.textContent !== text) line.textContent = text;
}

const events = new EventSource('events');
events.onmessage = ({ data }) => {
  const view = JSON.parse(data);
  for (const [name, section] of Object.entries(SECTIONS)) show(name, section(view));
  const going = view.stacks.filter(({ status }) => /PROGRESS/.test(status)).length;
  say(`${view.clusters.length} clusters, ${view.stacks.length} stacks; ${going === 0 ? 'nothing goes on' : `${going} in progress`}.`);
};
events.onerror = () => say('The emulator does not answer. This shows what there was.');
