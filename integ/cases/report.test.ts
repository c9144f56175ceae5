import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { deployDirectly } from './_harness/direct';
import { Offline } from './_harness/offline';
import { quickStart } from '../apps/quick-start';
import type { Report } from 'cloudhsm-emulator';

const SCHEMA = JSON.parse(readFileSync(join(__dirname, '..', 'emulator', 'report.schema.json'), 'utf8')) as object;

let offline: Offline;
let report: Report;

/** What the schema says against a report; nothing, if it fits. */
function misfits(of: unknown): string[] {
  const ajv = new Ajv({ allErrors: true });
  return ajv.validate(SCHEMA, of) ? [] : ajv.errors!.map(({ dataPath, message }) => `${dataPath} ${message}`);
}

beforeAll(async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  await deployDirectly(offline, offline.synth(quickStart({ hsmCount: 1 })));
  report = JSON.parse(JSON.stringify(offline.report())) as Report;
});

afterAll(() => offline.stop());

test('the report of a deploy fits its schema, and every list of what was made has something in it', () => {
  const [{ hsms, users, backups }] = report.clusters;

  expect(misfits(report)).toEqual([]);
  const lists = [report.stacks, report.keys, report.timeline, report.assumptions, hsms, users, backups];
  expect(lists.map(({ length }) => length > 0)).toEqual(lists.map(() => true));
});

test.each<[string, (it: Report) => unknown]>([
  ['another version', (it) => ({ ...it, version: 2 })],
  ['a missing member', ({ criticalPath: _, ...rest }) => rest],
  ['a cluster without HSMs\' list', (it) => ({ ...it, clusters: it.clusters.map(({ hsms: _, ...rest }) => rest) })],
  ['a time that is text', (it) => ({ ...it, timeline: [{ ...it.timeline[0], at: 'noon' }] })],
])('%s does not', (_what, change) => {
  expect(misfits(change(report))).not.toEqual([]);
});
