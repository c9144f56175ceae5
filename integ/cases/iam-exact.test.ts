import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { deleteDirectly, deployDirectly } from './_harness/direct';
import { grantsOf } from './_harness/grants';
import { DAY } from './_harness/key-stores';
import { Offline } from './_harness/offline';
import { without } from './_harness/without';
import { REASONS } from './iam-exact.reasons';
import { keyStoreApp } from '../apps/key-store';

let offline: Offline;

afterEach(() => offline.stop());

const LIFECYCLE = /^(CloudHsmLifecycle|ClusterAdminClient)/;

test('a deploy, a key store, growth and a destroy need every action that is granted, each as the only support of some decision, but for those that have a reason: they pass without', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  const taken = new Set<string>();
  const app = (hsmCount: number) => without(keyStoreApp({
    cluster: { hsmCount, removalPolicy: RemovalPolicy.DESTROY }, keys: { Key: { alias: 'orders', pendingWindow: Duration.days(7) } },
  }), REASONS, (permission) => taken.add(permission));
  const deployed = async (hsmCount: number) => (await deployDirectly(offline, offline.synth(app(hsmCount)))).stacks.map(({ status }) => status);
  const statuses = [await deployed(2), await deployed(3)];
  const { denied } = offline.report();
  // Once to have the key deleted, and once more when it is gone.
  await deleteDirectly(offline, 'Hsm');
  await offline.emulator.advance(8 * DAY);
  const { status: last } = await deleteDirectly(offline, 'Hsm');

  const granted = grantsOf(offline.emulator).filter(({ role }) => LIFECYCLE.test(role));

  expect([...statuses, last]).toEqual([['CREATE_COMPLETE', 'CREATE_COMPLETE'], ['CREATE_COMPLETE', 'UPDATE_COMPLETE'], 'DELETE_COMPLETE']);
  expect(denied).toEqual([]);
  expect(granted.length).toBeGreaterThan(60);
  expect(granted.filter(({ needed }) => needed === 0)).toEqual([]);
  // A reason for what is not granted any more is none.
  expect([...taken].sort()).toEqual(REASONS.flatMap(({ role, actions }) => actions.map((action) => `${role} | ${action}`)).sort());
});
