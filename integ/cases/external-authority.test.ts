import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { CompanyRoot } from './_harness/company-root';
import { deployDirectly, mustDeployDirectly } from './_harness/direct';
import { failures } from './_harness/failures';
import { outputs } from './_harness/key-stores';
import { Offline } from './_harness/offline';
import { quickStart } from '../apps/quick-start';
import { failingSibling } from '../apps/sibling';
import { CertificateAuthority, HsmIdentity } from 'cdk-cloudhsm';

let offline: Offline;
let root: CompanyRoot;

beforeEach(async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  root = new CompanyRoot();
});

afterEach(async () => {
  await offline.stop();
  root.remove();
});

const calls = (operation: string) => offline.emulator.calls.records.filter((record) => record.operation === operation).length;
const stackStatus = () => offline.report().stacks.find(({ name }) => name === 'Hsm')!.status;

async function parameter(name: string): Promise<string> {
  const { Parameter } = await new SSMClient(offline.client).send(new GetParameterCommand({ Name: name }));
  return Parameter!.Value!;
}

/** What the operator does between two deploys, by the words of the stack's own output. */
async function signed(): Promise<string> {
  const outputsOf = Object.entries(await outputs(offline));
  const [, request] = outputsOf.find(([name]) => name.includes('CertificateSigningRequest'))!;
  const [, steps] = outputsOf.find(([name]) => name.includes('NextSteps'))!;
  return root.sign(await parameter(request), /openssl x509 .*? -out cluster\.crt/.exec(steps)![0]);
}

test('a company\'s root signs the request of a verified HSM: the cluster waits for it, notices that the HSM was replaced meanwhile, survives a rollback, and is ACTIVE in the end', async () => {
  const { awsRoot, manufacturerRoot } = offline.emulator.hardwareRoots();
  const hsmIdentity = HsmIdentity.verify({ awsRoots: [root.certificate, awsRoot], manufacturerRoots: [manufacturerRoot] });
  const app = (signedCertificate?: string) => ({
    hsmIdentity, certificateAuthority: CertificateAuthority.external({ signedCertificate, trustAnchor: signedCertificate && root.certificate }),
  });
  await mustDeployDirectly(offline, quickStart({ ...app(), users: [] }));
  const [waiting] = offline.report().clusters;
  const early = await signed();
  offline.emulator.calls.make(
    { service: 'cloudhsm-hsm', account: '123456789012', region: 'eu-west-1' }, 'EmulatedReplaceHsm', { hsmId: waiting.hsms[0].hsmId, replaceSeconds: 0 },
    { principal: { kind: 'user', account: '123456789012', arn: 'arn:aws:iam::123456789012:user/outside' }, position: { kind: 'outside' } });
  await offline.emulator.idle();

  const changed = await offline.deploy(quickStart(app(early)));
  const afterChange = [stackStatus(), calls('InitializeCluster')];
  const late = await signed();
  await deployDirectly(offline, offline.synth(quickStart({ ...app(late), and: (stack, cluster) => failingSibling(60, cluster.ready)(stack) })));
  const afterRollback = [stackStatus(), calls('InitializeCluster')];
  const { clusters: [cluster] } = await offline.mustDeploy(quickStart(app(late)));

  expect([waiting.state, waiting.hsms.map(({ state }) => state)]).toEqual(['UNINITIALIZED', ['ACTIVE']]);
  expect(changed.output.replace(/\s+/g, ' ')).toMatch(/CsrChanged: .*the service has replaced its first HSM; the new request is in the parameter .*sign that one and deploy again/);
  expect(afterChange).toEqual(['UPDATE_ROLLBACK_COMPLETE', 0]);
  expect(afterRollback).toEqual(['UPDATE_ROLLBACK_COMPLETE', 1]);
  expect([cluster.state, cluster.hsms.map(({ state }) => state), cluster.users.map(({ username }) => username)]).toEqual(
    ['ACTIVE', ['ACTIVE', 'ACTIVE'], expect.arrayContaining(['app'])]);
  expect(calls('InitializeCluster')).toBe(1);
  expect(await parameter(`/cdk-cloudhsm/${cluster.clusterId}/trust-anchor`)).toBe(root.certificate);
  expect(JSON.parse(await parameter(`/cdk-cloudhsm/${cluster.clusterId}/evidence/identity`))).toMatchObject({ result: 'verified', problems: [] });

  await deployDirectly(offline, offline.synth(quickStart({ ...app(), users: [] })));

  expect(await failures(offline, 'Hsm')).toMatch(/CertificatesMissing: cluster cluster-\w+ is initialized; give CertificateAuthority.external\(\)/);
  expect([stackStatus(), offline.report().clusters[0].hsms.map(({ state }) => state)]).toEqual(['UPDATE_ROLLBACK_COMPLETE', ['ACTIVE', 'ACTIVE']]);
});

test('an HSM whose hardware nobody vouches for stops the deploy before its request is signed, and nothing is left', async () => {
  const { awsRoot } = offline.emulator.hardwareRoots();
  const hsmIdentity = HsmIdentity.verify({ awsRoots: [awsRoot], manufacturerRoots: [root.certificate] });

  const { exitCode, output } = await offline.deploy(quickStart({ hsmIdentity }));

  expect(exitCode).toBe(1);
  expect(output.replace(/\s+/g, ' ')).toMatch(/HsmIdentityNotProven: the first HSM of cluster cluster-\w+ does not prove that it is what it should be: the manufacturer hardware certificate was issued by/);
  expect([stackStatus(), calls('InitializeCluster')]).toEqual(['ROLLBACK_COMPLETE', 0]);
  expect(offline.report().clusters.filter(({ state }) => state !== 'DELETED')).toEqual([]);
});
