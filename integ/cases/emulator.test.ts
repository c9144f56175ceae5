import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployDirectly } from './_harness/direct';
import { Offline } from './_harness/offline';
import { vpcOnly } from '../apps/imported-vpc';
import { quickStart } from '../apps/quick-start';
import type { EmulatorOptions } from 'cloudhsm-emulator';
import { Emulator } from 'cloudhsm-emulator';

const REGION = 'eu-west-1';
const ROOT = join(__dirname, '..', '..');
const PROGRAM = ['integ/emulator/models', 'integ/emulator/runtime', 'integ/emulator/src', 'integ/emulator/tables', 'assets', 'src'];

/** Host milliseconds in which a state that was cut off must come to rest. */
const REST_LIMIT_MS = 60_000;

function changeOf(path: string): string {
  const { mtimeMs = 0, size = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return `${path} ${mtimeMs} ${size}`;
}

/** Files and folders of places where an emulator has no business, with the times of their changes: its own program above all. */
function elsewhere(): string[] {
  const places = [process.env.HOME!, '/opt', '/etc', '/var', '/var/lib', '/usr', '/usr/local', '/usr/local/bin'].filter((place) => existsSync(place));
  return [
    ...readdirSync(ROOT),
    ...readdirSync(homedir()),
    ...places.flatMap((place) => readdirSync(place).map((name) => changeOf(join(place, name)))),
    ...PROGRAM.flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => changeOf(join(ROOT, folder, name)))),
  ];
}

describe('a state folder', () => {
  const home = mkdtempSync(join(tmpdir(), 'cloudhsm-states-'));
  const state = join(home, 'deployed');
  const network = join(home, 'network');
  const open: Emulator[] = [];
  let listings: { before: string[]; after: string[] };
  let statuses: string[];

  beforeAll(async () => {
    // What it starts gets a home folder of its own: in the real one, of which only names count, others are at work.
    const { HOME } = process.env;
    process.env.HOME = mkdtempSync(join(home, 'home-'));
    try {
      const before = elsewhere();
      const offline = await Offline.start({ region: REGION, state });
      statuses = (await deployDirectly(offline, offline.synth(quickStart({ hsmCount: 1 })))).stacks.map(({ status }) => status);
      await offline.stop();
      listings = { before, after: elsewhere() };
    } finally {
      process.env.HOME = HOME;
    }
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((emulator) => emulator.stop()));
  });

  afterAll(() => rmSync(home, { recursive: true, force: true }));

  async function start(options: EmulatorOptions): Promise<Emulator> {
    const emulator = await Emulator.start({ region: REGION, bootstrap: ['none'], ...options });
    open.push(emulator);
    return emulator;
  }

  /** Offsets at which a state's records end. */
  function ends(of: string): number[] {
    return [...readFileSync(join(of, 'journal')).entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1);
  }

  /** What is not at rest of a state whose process ended when its journal had so many bytes; undefined if it comes to rest. */
  async function unrest(of: string, bytes: number): Promise<unknown> {
    const copy = join(home, 'cut');
    cpSync(of, copy, { recursive: true });
    writeFileSync(join(copy, 'journal'), readFileSync(join(of, 'journal')).subarray(0, bytes));
    const emulator = await start({ state: copy });
    const limit = Date.now() + REST_LIMIT_MS;
    while (emulator.kernel.busy && Date.now() < limit) await new Promise((soon) => setTimeout(soon, 5));
    const { busy } = emulator.kernel;
    const { stacks } = emulator.report();
    await emulator.stop();
    rmSync(copy, { recursive: true });
    // A change set that nobody executed is not in progress, whatever the stack's status says.
    const inProgress = stacks.filter(({ status }) => status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS');
    return busy || inProgress.length > 0 ? { bytes, busy, inProgress } : undefined;
  }

  test('a deploy changes nothing in the emulator\'s program, the library, the home folder and the system\'s folders', () => {
    expect(statuses).toEqual(['CREATE_COMPLETE', 'CREATE_COMPLETE']);
    expect(listings.after).toEqual(listings.before);
  });

  test('when nothing is owed, time stands; an hour that is commanded fires only daemons', async () => {
    const { kernel } = await start({ from: state });
    const before = { now: kernel.now, queue: kernel.queue.all(), timeline: kernel.timeline.entries() };
    await new Promise((soon) => setTimeout(soon, 2_000));
    expect({ now: kernel.now, queue: kernel.queue.all(), timeline: kernel.timeline.entries() }).toEqual(before);

    await kernel.advance(3_600_000);

    expect(kernel.now).toBe(before.now + 3_600_000);
    const left = new Set(kernel.queue.all().map(({ id }) => id));
    const fired = before.queue.filter(({ id }) => !left.has(id));
    expect(fired.filter(({ daemon }) => !daemon)).toEqual([]);
    expect(fired.filter(({ due }) => due > kernel.now)).toEqual([]);
    expect(kernel.busy).toBe(false);
  });

  test('cut off after any of its records, and inside any, the deploy of a network goes on to its end', async () => {
    const offline = await Offline.start({ region: REGION, state: network });
    await deployDirectly(offline, offline.synth(vpcOnly));
    await offline.stop();
    const records = ends(network);

    const unsettled: unknown[] = [];
    for (const [index, end] of records.entries()) {
      const middle = Math.floor((end + (records[index - 1] ?? 0)) / 2);
      for (const bytes of [middle, end]) unsettled.push(await unrest(network, bytes));
    }

    expect(records.length).toBeGreaterThan(40);
    expect(unsettled.filter((one) => one !== undefined)).toEqual([]);
  });

  // `npm run cuts` cuts it in many more places.
  test.each([1, 2])('cut off after %d thirds of its records, the deploy of a cluster goes on to its end', async (thirds) => {
    const records = ends(state);

    expect(await unrest(state, records[Math.floor(thirds * records.length / 3)])).toBeUndefined();
  });
});
