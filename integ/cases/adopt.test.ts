import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { CfnResource } from 'aws-cdk-lib';
import { Offline } from './_harness/offline';
import { adopting } from '../apps/adopting';
import { oneStack } from '../apps/one-stack';
import { quickStart } from '../apps/quick-start';

let offline: Offline;

afterEach(() => offline.stop());

/** The secret of the automation admin that the stack `Hsm` made. */
async function adminSecret(): Promise<string> {
  const { StackResourceSummaries = [] } = await new CloudFormationClient(offline.client).send(new ListStackResourcesCommand({ StackName: 'Hsm' }));
  return StackResourceSummaries.find(({ LogicalResourceId, ResourceType }) => ResourceType === 'AWS::SecretsManager::Secret'
    && /AdminSecret/.test(LogicalResourceId!) && !/Sealed/.test(LogicalResourceId!))!.PhysicalResourceId!;
}

function logicalIdOfCluster(assembly: string): string {
  const { Resources } = JSON.parse(readFileSync(join(assembly, 'Adopting.template.json'), 'utf8')) as { Resources: Record<string, { Type: string }> };
  return Object.keys(Resources).find((id) => Resources[id].Type === 'AWS::CloudHSM::Cluster')!;
}

/** Imports the cluster into the stack `Adopting`. */
async function importCluster(secret: string, clusterId: string) {
  const folder = mkdtempSync(join(tmpdir(), 'cloudhsm-mapping-'));
  const file = join(folder, 'mapping.json');
  writeFileSync(file, JSON.stringify({ [logicalIdOfCluster(offline.synth(adopting(secret)))]: { ClusterId: clusterId } }));
  const result = await offline.cdk(adopting(secret), ['import', 'Adopting', '--resource-mapping', file]);
  rmSync(folder, { recursive: true });
  return result;
}

test('a cluster that a stack left behind is imported, and the deploy changes no HSM, not even when it rolls back', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  const { clusters: [before] } = await offline.mustDeploy(quickStart());
  const secret = await adminSecret();
  expect((await offline.cdk(quickStart(), ['destroy', 'Hsm', '--force'])).exitCode).toBe(0);

  const imported = await importCluster(secret, before.clusterId);
  const failed = await offline.deploy(adopting(secret, (stack, cluster) => {
    const taken = new CfnResource(stack, 'Taken', {
      type: 'AWS::SSM::Parameter', properties: { Type: 'String', Name: `/cdk-cloudhsm/${before.clusterId}/trust-anchor`, Value: 'there is one' },
    });
    taken.node.addDependency(cluster.ready);
  }));
  const rolledBack = offline.report();
  const adopted = await offline.deploy(adopting(secret));

  console.log(imported.output, failed.output.slice(-5000), adopted.output.slice(-3000));
  expect(imported.exitCode).toBe(0);
  expect(failed.output).toMatch(/already exists/);
  expect(rolledBack.stacks.find(({ name }) => name === 'Adopting')!.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(rolledBack.clusters.map(({ clusterId, hsms }) => ({ clusterId, hsms }))).toEqual([{ clusterId: before.clusterId, hsms: before.hsms }]);
  expect(adopted.exitCode).toBe(0);
  expect(offline.report().clusters).toEqual([before]);
});

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
