import { DescribeStacksCommand, CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DescribeImagesCommand, DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { onInstance } from './_harness/admin-client';
import { beginWith } from './_harness/beginning';
import { deleteDirectly, deployDirectly, mustDeployDirectly } from './_harness/direct';
import type { Build, Offline } from './_harness/offline';
import { clientHosts } from '../apps/client-hosts';
import type { ClientHostsOptions } from '../apps/client-hosts';
import { QUICK_START, quickStart } from '../apps/quick-start';
import { ClientInstance, ClientPlatform, ClientSoftware } from 'cdk-cloudhsm';

const MINUTE = 60_000;

let offline: Offline;

beforeEach(async () => {
  offline = await beginWith(QUICK_START);
});
afterEach(() => offline.stop());

const machines = () => new EC2Client(offline.client);

/** Ids of the instances of that name that run. */
async function running(name: string): Promise<string[]> {
  const { Reservations = [] } = await machines().send(new DescribeInstancesCommand({
    Filters: [{ Name: 'tag:Name', Values: [name] }, { Name: 'instance-state-name', Values: ['running'] }],
  }));
  return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId!));
}

/** The quick start, and hosts of the user's. */
function withHosts(hsmCount: number, hosts: ClientHostsOptions): Build {
  return (app) => quickStart({ hsmCount, and: (_, cluster) => clientHosts(app, cluster, hosts) })(app);
}

/** Output of a script on an instance. */
async function on(instanceId: string, script: string): Promise<string> {
  const { status, output, errorOutput } = await onInstance(offline, instanceId, script);
  if (status !== 'Success') throw new Error(output + errorOutput);
  return output;
}

/** On the client of that name: its system, what is installed, and the users that it sees on the HSMs. */
async function lookAt(client: string): Promise<string> {
  const [id] = await running(`Hsm/${client}/Instance`);
  return on(id, '. /etc/os-release; echo "$ID $VERSION_ID"; ls /opt/cloudhsm/bin /opt/cloudhsm/etc; /opt/cloudhsm/bin/cloudhsm-cli user list');
}

/** How many HSMs each component on a host is configured for. */
async function hsmsKnownTo(instanceId: string): Promise<number[]> {
  const counted = await on(instanceId, 'for file in /opt/cloudhsm/etc/*.cfg; do grep -c \'"hostname"\' "$file"; done');
  return counted.trim().split('\n').map(Number);
}

test('clients on Ubuntu and Red Hat Enterprise Linux have every component configured, and reach the HSMs', async () => {
  const { CLI, JCE, OPENSSL_DYNAMIC_ENGINE, OPENSSL_PROVIDER, PKCS11 } = ClientSoftware;
  const { Images = [] } = await machines().send(new DescribeImagesCommand({ Owners: ['309956199498'], Filters: [{ Name: 'name', Values: ['RHEL-9.*-x86_64-*'] }] }));

  await mustDeployDirectly(offline, quickStart({
    and: (stack, cluster) => {
      new ClientInstance(stack, 'Ubuntu', { cluster, platform: ClientPlatform.UBUNTU_24_04, software: [CLI, PKCS11, JCE, OPENSSL_DYNAMIC_ENGINE] });
      new ClientInstance(stack, 'RedHat', {
        cluster,
        platform: ClientPlatform.RHEL_9,
        machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': Images[0].ImageId! }),
        instanceType: new ec2.InstanceType('m7i.large'),
        software: [CLI, OPENSSL_PROVIDER],
      });
    },
  }));

  const [ubuntu, redHat] = [await lookAt('Ubuntu'), await lookAt('RedHat')];
  expect(ubuntu).toMatch(/^ubuntu 24\.04\n/);
  expect(ubuntu.match(/configure-\S+|\S+\.cfg/g)).toEqual([
    'configure-cli', 'configure-dyn', 'configure-jce', 'configure-pkcs11', 'cloudhsm-cli.cfg', 'cloudhsm-dyn.cfg', 'cloudhsm-jce.cfg', 'cloudhsm-pkcs11.cfg',
  ]);
  expect(redHat).toMatch(/^rhel 9\n/);
  expect(redHat.match(/configure-\S+|\S+\.cfg/g)).toEqual(['configure-cli', 'configure-openssl-provider', 'cloudhsm-cli.cfg', 'cloudhsm-openssl-provider.cfg']);
  for (const seen of [ubuntu, redHat]) expect(seen).toMatch(/"username": "app"/);
});

test('hosts of the user\'s follow the cluster when it is paused and comes back with more HSMs; a package that is not AWS\'s is not installed', async () => {
  await mustDeployDirectly(offline, withHosts(2, { webHosts: 1 }));

  // Before, during and after.
  const [batch] = await running('Web/Batch');
  const [web] = await running('Web/Group');
  expect(await on(batch, 'cat /root/before /root/after; /opt/cloudhsm/bin/cloudhsm-cli user list')).toMatch(/^before\n.*cloudhsm-cli\.cfg\n.*"username": "app"/s);
  expect(await hsmsKnownTo(batch)).toEqual([2, 2]);
  const [tampered] = await running('Web/Template');
  expect(await on(tampered, 'ls /root /opt/cloudhsm 2>&1; cat /var/log/cloud-init-output.log')).toMatch(/No such file[^]*cloudhsm-error PackageChecksumWrong/);

  // Of a cluster that is paused the hosts keep what they saw last.
  await mustDeployDirectly(offline, withHosts(0, { webHosts: 1 }));
  await offline.emulator.advance(16 * MINUTE);
  expect((await hsmsKnownTo(web))[0]).toBeGreaterThan(0);

  await mustDeployDirectly(offline, withHosts(3, { webHosts: 2 }));
  await offline.emulator.advance(16 * MINUTE);
  const hosts = [batch, ...await running('Web/Group')];
  expect(hosts).toHaveLength(3);
  for (const host of hosts) expect(new Set(await hsmsKnownTo(host))).toEqual(new Set([3]));
  expect(await on(web, '/opt/cloudhsm/bin/cloudhsm-cli user list')).toMatch(/"username": "app"/);

  // An update that fails takes its host away, and leaves the others as they are.
  const { stacks } = await deployDirectly(offline, offline.synth(withHosts(3, { webHosts: 2, failing: true })));
  expect(stacks.at(-1)).toMatchObject({ name: 'Web', status: 'UPDATE_ROLLBACK_COMPLETE' });
  expect([await running('Web/Late'), await running('Web/Batch')]).toEqual([[], [batch]]);

  // The rules in the cluster's group go with the hosts.
  expect(await deleteDirectly(offline, 'Web')).toMatchObject({ status: 'DELETE_COMPLETE' });
  const { Stacks: [hsm] = [] } = await new CloudFormationClient(offline.client).send(new DescribeStacksCommand({ StackName: 'Hsm' }));
  expect(hsm.StackStatus).toBe('UPDATE_COMPLETE');
  expect(offline.report().unreachable).toEqual([]);
});
