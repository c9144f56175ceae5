import { Offline } from './_harness/offline';
import { oneStack } from '../apps/one-stack';

let offline: Offline;

afterEach(() => offline.stop());

test('a cluster in the stack of its VPC is warned of, and its destruction ends with EC2\'s words', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });

  const deployed = await offline.deploy(oneStack);
  const destroyed = await offline.destroy(oneStack);

  expect(deployed.output).toContain('cdk-cloudhsm:retainedInVpcStack');
  expect(deployed.exitCode).toBe(0);
  expect(destroyed.exitCode).toBe(1);
  expect(destroyed.output).toMatch(/DELETE_FAILED.*has dependencies and cannot be deleted/s);
  expect(offline.report().stacks.find(({ name }) => name === 'All')!.status).toBe('DELETE_FAILED');
  expect(offline.report().clusters[0].hsms).toHaveLength(2);
});
