import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyPairs } from '../../src/kernel/key-pairs';
import { Store } from '../../src/kernel/store';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudhsm-reserve-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const modulusOf = (key: KeyObject) => createPublicKey(key).export({ format: 'jwk' }).n;

/** Takes keys from one state. */
function taken(store: Store, reserve: string | undefined, ...sizes: number[]): Array<string | undefined> {
  const pairs = new KeyPairs(store, reserve);
  return store.transaction(() => sizes.map((bits) => modulusOf(pairs.rsa(bits))));
}

const newStore = () => new Store(() => undefined);

test('without a reserve every key is new', () => {
  const [one, two] = [taken(newStore(), undefined, 1024), taken(newStore(), undefined, 1024)];

  expect(one).not.toEqual(two);
});

test('with one, each state gets the same keys in the same order, of their sizes, and none twice', () => {
  const first = taken(newStore(), folder, 1024, 2048, 1024);
  const second = taken(newStore(), folder, 2048, 1024, 1024, 1024);

  expect([second[1], second[0], second[2]]).toEqual(first);
  expect(new Set(second).size).toBe(4);
  expect(readdirSync(folder).sort()).toEqual(['rsa-1024-1.pem', 'rsa-1024-2.pem', 'rsa-1024-3.pem', 'rsa-2048-1.pem']);
});

test('a state that is opened again goes on where it was', () => {
  const store = newStore();
  const before = taken(store, folder, 1024);
  const reopened = newStore();
  reopened.replay(store.dump());

  expect(taken(reopened, folder, 1024)).not.toEqual(before);
});
