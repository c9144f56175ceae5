import crypto from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';
import * as fc from 'fast-check';
import { Invariants } from './invariants';
import { Stage } from './stage';
import { sequence, take } from './steps';
import { ADMIN, Lab, newFolder, PASSWORD } from '../lab';

/** How many sequences; `npm run sequences -- --runs 10000` plays as many as that. */
const RUNS = Number(process.env.SEQUENCES_RUNS ?? 100);
const SEED = Number(process.env.SEQUENCES_SEED ?? 1);
/** Smaller than AWS's, so that they are met. */
const QUOTAS = { clusters: 3, hsms: 4 };
const VARIANTS = ['cloudhsmv2/hsm-types=legacy'];

/** Where every sequence begins: an active cluster of the older type with users and keys, and one that waits for its certificate. */
const prepared = newFolder();

/** Making keys would be nine tenths of the time of a sequence, and which keys they are is no part of what is told here. */
function takeKeysFromAPool(): void {
  const pairs = [0, 1, 2].map(() => crypto.generateKeyPairSync('rsa', { modulusLength: 2048 }));
  let taken = 0;
  jest.spyOn(crypto, 'generateKeyPairSync').mockImplementation(() => pairs[taken++ % pairs.length]);
}

beforeAll(async () => {
  takeKeysFromAPool();
  const lab = new Lab({ variants: VARIANTS });
  const clusterId = await lab.active({ HsmType: 'hsm1.medium' });
  for (const name of ['alice', 'bob']) {
    lab.cli(clusterId, ['user', 'create', '--username', name, '--role', 'crypto-user', '--password', PASSWORD], { as: ADMIN });
    lab.cli(clusterId, ['key', 'generate-symmetric', 'aes', '--label', `of-${name}`, '--key-length-bytes', '32'], { as: ['crypto-user', `${name}:${PASSWORD}`] });
  }
  await lab.withFirstHsm();
  cpSync(lab.folder, prepared, { recursive: true, filter: (file) => !file.endsWith('lock') });
  lab.stop();
});

afterAll(() => jest.restoreAllMocks());
afterAll(() => rmSync(prepared, { recursive: true, force: true }));

test(`${RUNS} random sequences of operations break nothing that must always be so`, async () => {
  await fc.assert(fc.asyncProperty(sequence, async (steps) => {
    const folder = newFolder();
    cpSync(prepared, folder, { recursive: true });
    const lab = new Lab({ variants: VARIANTS, folder, rows: { 'cloudhsmv2/quota-clusters': QUOTAS.clusters, 'cloudhsmv2/quota-hsms': QUOTAS.hsms } });
    try {
      const stage = new Stage(lab);
      const invariants = new Invariants(stage, QUOTAS);
      invariants.check();
      for (const step of steps) {
        await take(stage, step);
        invariants.check();
      }
    } finally {
      lab.stop();
    }
  }), { numRuns: RUNS, seed: SEED });
}, 3_600_000);
