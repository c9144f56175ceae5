import { DescribeImagesCommand, DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { onInstance } from './_harness/admin-client';
import { beginWith } from './_harness/beginning';
import type { Offline } from './_harness/offline';
import { QUICK_START, quickStart } from '../apps/quick-start';
import { ClientInstance, ClientPlatform, ClientSoftware } from 'cdk-cloudhsm';

let offline: Offline;

beforeEach(async () => {
  offline = await beginWith(QUICK_START);
});
afterEach(() => offline.stop());

const machines = () => new EC2Client(offline.client);

/** On the client of that name: its system, what is installed, and the users that it sees on the HSMs. */
async function lookAt(client: string): Promise<string> {
  const { Reservations = [] } = await machines().send(new DescribeInstancesCommand({ Filters: [{ Name: 'tag:Name', Values: [`Hsm/${client}/Instance`] }] }));
  const { status, output, errorOutput } = await onInstance(offline, Reservations[0].Instances![0].InstanceId!, `. /etc/os-release; echo "$ID $VERSION_ID"
ls /opt/cloudhsm/bin /opt/cloudhsm/etc
/opt/cloudhsm/bin/cloudhsm-cli user list`);
  if (status !== 'Success') throw new Error(output + errorOutput);
  return output;
}

test('clients on Ubuntu and Red Hat Enterprise Linux have every component configured, and reach the HSMs', async () => {
  const { CLI, JCE, OPENSSL_DYNAMIC_ENGINE, OPENSSL_PROVIDER, PKCS11 } = ClientSoftware;
  const { Images = [] } = await machines().send(new DescribeImagesCommand({ Owners: ['309956199498'], Filters: [{ Name: 'name', Values: ['RHEL-9.*-x86_64-*'] }] }));

  await offline.mustDeploy(quickStart({
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
