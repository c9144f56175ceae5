import { Offline } from './_harness/offline';
import { quickStart } from '../apps/quick-start';

let offline: Offline;

afterEach(() => offline.stop());

test('28 HSMs in an account that may have six are refused, with the quota to raise, before a cluster is made', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });

  const { exitCode, output } = await offline.deploy(quickStart({ hsmCount: 28 }));

  expect(exitCode).toBe(1);
  expect(output).toMatch(/HsmQuotaReached: 28 HSMs wanted, but the account has 0 of 6 in this Region; raise quota L-95BA35D1 in Service Quotas or lower hsmCount/);
  const asked = offline.emulator.calls.records.map(({ operation }) => operation);
  expect(asked).not.toContain('CreateCluster');
  expect(asked).not.toContain('CreateHsm');
  expect(offline.report().stacks.find(({ name }) => name === 'Hsm')!.status).toBe('ROLLBACK_COMPLETE');
});
