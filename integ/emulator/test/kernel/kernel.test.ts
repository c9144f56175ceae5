import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kernel, Tables } from '../../src/kernel';
import type { Activity, ClockMode } from '../../src/kernel';

let folder: string;
let kernel: Kernel;
let log: string[];

function open(clock: ClockMode = { kind: 'warp' }, turnLimitMs?: number): Kernel {
  kernel = new Kernel({ folder, seed: 1, clock, tables: new Tables(folder), turnLimitMs });
  kernel.on('note', ({ text, again }) => {
    log.push(`${kernel.now} ${String(text)}`);
    if (again) kernel.after(Number(again), { kind: 'note', args: { text: `${String(text)}'` } });
  });
  return kernel;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kernel-'));
  log = [];
});

afterEach(() => {
  kernel.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function settled(): Promise<void> {
  for (let round = 0; round < 50; round++) await new Promise((resolve) => setImmediate(resolve));
}

function note(text: string, due: number, options: { daemon?: boolean; again?: number } = {}): void {
  kernel.transaction(() => kernel.after(due, { kind: 'note', args: { text, again: options.again }, daemon: options.daemon }));
}

describe('warp', () => {
  test('events fire in the order of due time, then of scheduling', async () => {
    open();
    kernel.start();
    kernel.transaction(() => {
      kernel.after(200, { kind: 'note', args: { text: 'late' } });
      kernel.after(100, { kind: 'note', args: { text: 'first' } });
      kernel.after(100, { kind: 'note', args: { text: 'second' } });
    });

    await settled();

    expect(log).toEqual(['100 first', '100 second', '200 late']);
  });

  test('time stands when only daemons are left, for hours if need be', async () => {
    open();
    kernel.start();
    note('backup', 86_400_000, { daemon: true });

    await settled();

    expect(kernel.now).toBe(0);
    expect(log).toEqual([]);
    expect(kernel.busy).toBe(false);
  });

  test('daemons on the way of an obligation fire in order', async () => {
    open();
    kernel.start();
    note('backup', 50, { daemon: true });
    note('owed', 100);

    await settled();

    expect(log).toEqual(['50 backup', '100 owed']);
  });

  test('an event that throws takes back its writes, is reported, and does not come again', async () => {
    open();
    const errors: Error[] = [];
    kernel.onInternalError = (error) => errors.push(error);
    kernel.on('bad', () => {
      kernel.store.table<number>('things').put('a', 1);
      throw new Error('defect');
    });
    kernel.start();
    kernel.transaction(() => kernel.after(1, { kind: 'bad', args: {} }));

    await settled();

    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('internal error in event bad')]);
    expect(kernel.store.table('things').size()).toBe(0);
    expect(kernel.busy).toBe(false);
  });
});

describe('manual', () => {
  test('advance fires what is due on the way and stops where it was told to', async () => {
    open({ kind: 'manual' });
    kernel.start();
    note('one', 1_000, { again: 1_000 });
    note('far', 5_000);
    await settled();
    expect(log).toEqual([]);

    await kernel.advance(2_500);

    expect(log).toEqual(['1000 one', '2000 one\'']);
    expect(kernel.now).toBe(2_500);
  });
});

describe('activities', () => {
  test('at most one runs; a parked one goes on at its time; a held one when it is released', async () => {
    open();
    const turns: string[] = [];
    kernel.drive('code', {
      run: (activity: Activity) => turns.push(`${kernel.now} ${activity.id}${activity.started ? ' again' : ''}`),
      kill: () => undefined,
      lost: () => undefined,
    });
    kernel.start();
    kernel.transaction(() => ['a', 'b'].forEach((id) => kernel.begin(id, 'code', {})));
    await settled();
    expect(turns).toEqual(['0 a']);

    kernel.park('a', 500);
    await settled();
    expect(turns).toEqual(['0 a', '0 b']);

    kernel.hold('b');
    await settled();
    expect(turns).toEqual(['0 a', '0 b', '500 a again']);

    kernel.finish('a', () => undefined);
    kernel.release('b');
    await settled();
    expect(turns[3]).toBe('500 b again');
    kernel.finish('b', () => undefined);
    expect(kernel.busy).toBe(false);
  });

  test('time stands while one runs on the host', async () => {
    open();
    kernel.drive('code', { run: () => undefined, kill: () => undefined, lost: () => undefined });
    kernel.start();
    kernel.transaction(() => kernel.begin('a', 'code', {}));
    note('owed', 10);

    await settled();

    expect(kernel.now).toBe(0);
    kernel.finish('a', () => undefined);
    await settled();
    expect(log).toEqual(['10 owed']);
  });

  test('one that keeps its turn too long is killed', async () => {
    open({ kind: 'warp' }, 20);
    const killed = new Promise<string>((resolve) => kernel.drive('code', {
      run: () => undefined,
      kill: ({ id }, reason) => resolve(`${id} ${reason}`),
      lost: () => undefined,
    }));
    kernel.start();
    kernel.transaction(() => kernel.begin('a', 'code', {}));

    await expect(killed).resolves.toBe('a turn');
    kernel.finish('a', () => undefined);
  });
});

describe('state', () => {
  test('time, events and records are there again after opening; what ran is lost, what waited is not', async () => {
    open({ kind: 'manual' });
    kernel.drive('code', { run: () => undefined, kill: () => undefined, lost: () => undefined });
    kernel.start();
    kernel.transaction(() => {
      kernel.store.table<string>('things').put('a', 'there');
      kernel.begin('running', 'code', {});
      kernel.begin('waiting', 'code', {}, 5_000);
      kernel.after(3_000, { kind: 'note', args: { text: 'owed' } });
    });
    await settled();
    kernel.stop();

    open({ kind: 'manual' });
    const lost: string[] = [];
    kernel.drive('code', { run: () => undefined, kill: () => undefined, lost: ({ id }) => lost.push(id) });
    kernel.start();

    expect(kernel.store.table('things').get('a')).toBe('there');
    expect(lost).toEqual(['running']);
    await kernel.advance(3_500);
    expect(log).toEqual(['3000 owed']);
  });

  test('the same seed and the same calls give the same ids', () => {
    open();
    const ids = kernel.transaction(() => [1, 2].map(() => kernel.ids.next('1', 'r', 'vpc').toString('hex')));
    const drawn = kernel.ids.draw('row', 'thing');
    kernel.stop();
    rmSync(folder, { recursive: true });

    open();

    expect(kernel.transaction(() => [1, 2].map(() => kernel.ids.next('1', 'r', 'vpc').toString('hex')))).toEqual(ids);
    expect(kernel.ids.draw('row', 'thing')).toBe(drawn);
    expect(ids[0]).not.toBe(ids[1]);
  });
});

describe('faults', () => {
  test('fires at the nth passage, as often as asked for, for the resource named', () => {
    open();
    kernel.faults.add({ service: 's', operation: 'Op', kind: 'error', nth: 2, times: 1, resource: 'x' });

    const fired = ['x', 'y', 'x', 'x'].map((resource) => kernel.faults.pass('s', 'Op', resource)?.kind);

    expect(fired).toEqual([undefined, undefined, 'error', undefined]);
  });

  test('counts only the calls of the caller named', () => {
    open();
    kernel.faults.add({ service: 's', operation: 'Op', kind: 'error', nth: 2, caller: 'role/web' });

    const fired = ['role/web', 'role/other', 'role/web', 'role/web'].map((caller) => kernel.faults.pass('s', 'Op', '', caller)?.kind);

    expect(fired).toEqual([undefined, undefined, 'error', undefined]);
  });
});

describe('host time', () => {
  afterEach(() => jest.restoreAllMocks());

  test('stands within a transaction, so that all that one request says of time agrees', () => {
    let host = 1_000_000;
    jest.spyOn(Date, 'now').mockImplementation(() => host++);
    open({ kind: 'manual' });

    const [first, second] = kernel.transaction(() => [kernel.hostTime(), kernel.transaction(() => kernel.hostTime())]);

    expect(second).toBe(first);
    expect(kernel.hostTime()).toBeGreaterThan(first);
    expect(kernel.transaction(() => kernel.hostTime())).toBeGreaterThan(first);
  });
});
