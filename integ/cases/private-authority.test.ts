import { X509Certificate } from 'node:crypto';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import type { CfnCertificateAuthorityProps } from 'aws-cdk-lib/aws-acmpca';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { deleteDirectly, deployDirectly, mustDeployDirectly } from './_harness/direct';
import { failures } from './_harness/failures';
import { Offline } from './_harness/offline';
import { privateRoot } from '../apps/private-root';
import { CertificateAuthority, Cluster } from 'cdk-cloudhsm';

let offline: Offline;

beforeEach(async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
});

afterEach(async () => {
  await offline.stop();
});

/** A cluster that goes with its stack, and the authority that signs for it, in the same one. */
const signedByRoot = (root: Partial<CfnCertificateAuthorityProps> = {}) => (app: App) => {
  const vpc = new ec2.Vpc(new Stack(app, 'Network'), 'Vpc', { maxAzs: 3, natGateways: 1 });
  const stack = new Stack(app, 'Hsm');
  new Cluster(stack, 'Cluster', {
    vpc, certificateAuthority: CertificateAuthority.privateCa(privateRoot(stack, 'Root', root)), removalPolicy: RemovalPolicy.DESTROY,
  });
};

const calls = (operation: string) => offline.emulator.calls.records.filter((record) => record.operation === operation).length;
const stackStatus = () => offline.report().stacks.find(({ name }) => name === 'Hsm')!.status;
const issued = () => offline.report().timeline.filter(({ service, event }) => service === 'acm-pca' && event === 'ISSUED').length;

async function certificate(clusterId: string, name: string): Promise<X509Certificate> {
  const { Parameter } = await new SSMClient(offline.client).send(new GetParameterCommand({ Name: `/cdk-cloudhsm/${clusterId}/${name}` }));
  return new X509Certificate(Parameter!.Value!);
}

test('an authority that could not sign for good stops the deploy before there is a cluster', async () => {
  await deployDirectly(offline, offline.synth(signedByRoot({ usageMode: 'SHORT_LIVED_CERTIFICATE' })));

  expect(await failures(offline, 'Hsm')).toMatch(/PrivateCaShortLived: certificate authority arn:aws:acm-pca:eu-west-1:\S+ is in SHORT_LIVED_CERTIFICATE mode .*; use one in GENERAL_PURPOSE mode/);
  expect([stackStatus(), calls('CreateCluster')]).toEqual(['ROLLBACK_COMPLETE', 0]);
});

test('a root of the same stack signs once, though its answers are lost, and the cluster is ACTIVE under it; all of it goes with the stack', async () => {
  offline.emulator.addFault({ service: 'acm-pca', operation: 'IssueCertificate', kind: 'lost-answer', nth: 2, times: 4 });

  const { clusters: [{ clusterId, state }] } = await mustDeployDirectly(offline, signedByRoot());

  const [anchor, own] = [await certificate(clusterId, 'trust-anchor'), await certificate(clusterId, 'signed-certificate')];
  expect([state, calls('InitializeCluster'), issued()]).toEqual(['ACTIVE', 1, 2]);
  expect(calls('IssueCertificate')).toBeGreaterThan(5);
  expect([anchor.subject, anchor.verify(anchor.publicKey), own.verify(anchor.publicKey), own.checkIssued(anchor)]).toEqual(
    ['O=Company\nCN=Company root', true, true, true]);
  expect(Date.parse(anchor.validTo) - Date.parse(own.validTo)).toBe(86_400_000);

  const { status } = await deleteDirectly(offline, 'Hsm');

  expect([status, offline.report().clusters.filter((one) => one.state !== 'DELETED')]).toEqual(['DELETE_COMPLETE', []]);
});
