import type { ClusterCertificates } from '../../../src/handlers/aws/cloudhsm';
import { act } from '../../../src/handlers/engine/act';
import { reconcile } from '../../../src/handlers/engine/reconcile';
import { initialization } from '../../../src/handlers/initialization/initialization';
import { INITIALIZATION_TYPE } from '../../../src/lifecycle/initialization-contract';
import { fakeAws, FakeParameters } from '../_helpers/aws';
import type { FakeAws } from '../_helpers/aws';
import { A, cluster, hsm, MADE_HERE } from '../_helpers/cluster';
import { CLUSTER_ID, newExecution, newRequest, NOW, SECOND } from '../_helpers/request';
import { rsaKey } from '../pki/_helpers/keys';
import { basicConstraints, certificatePem, MARVELL_SUBJECT, name, requestPem } from '../pki/_helpers/x509';

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation();
});

const HSM = rsaKey('hsm');
const ROOT = rsaKey('root');
const ROOT_NAME = name([['CN', 'Company root']]);
const CSR = requestPem({ key: HSM });
const OTHER_CSR = requestPem({ key: rsaKey('other') });
const anchor = (key = ROOT) => certificatePem({
  subject: ROOT_NAME, issuer: ROOT_NAME, key, signedBy: key, extensions: [basicConstraints(true)],
});
const leaf = (key = HSM) => certificatePem({ subject: MARVELL_SUBJECT, issuer: ROOT_NAME, key, signedBy: ROOT });

const PROPERTIES = { ClusterId: CLUSTER_ID, Authority: 'EXTERNAL', AuthorityKeyArn: '', ValidityYears: '' };
const GIVEN = { ...PROPERTIES, SignedCertificateSource: 'Signed', TrustAnchorSource: 'Anchor' };
const parameter = (of: string) => `/cdk-cloudhsm/${CLUSTER_ID}/${of}`;

/** A cluster that takes certificates, and a stack that gives them. */
class World {
  public state: 'UNINITIALIZED' | 'INITIALIZE_IN_PROGRESS' | 'INITIALIZED' = 'UNINITIALIZED';
  public csr = CSR;
  public stackStatus = 'UPDATE_IN_PROGRESS';
  public readonly taken: Array<{ signed: string; anchor: string }> = [];
  public readonly aws: FakeAws;

  public constructor() {
    this.aws = fakeAws({
      cloudHsm: {
        describe: async () => ({ cluster: cluster(this.state, [hsm('1', A)]), certificates: this.certificates() }),
        initialize: async (_clusterId, signed, trustAnchor) => {
          this.taken.push({ signed, anchor: trustAnchor });
          this.state = 'INITIALIZE_IN_PROGRESS';
        },
      },
      stacks: { status: async () => this.stackStatus },
    }, new FakeParameters({ [parameter('origin')]: JSON.stringify(MADE_HERE), [parameter('evidence/cluster-csr')]: CSR }));
  }

  public give(signed: string, trustAnchor: string): void {
    this.aws.parameters.values.set('Signed', signed).set('Anchor', trustAnchor);
  }

  public value(of: string): string | undefined {
    return this.aws.parameters.values.get(parameter(of));
  }

  public async run(type: 'Create' | 'Update', properties: object) {
    const request = newRequest(type, INITIALIZATION_TYPE, { ...properties });
    let execution = newExecution({ ...request, physicalId: type === 'Update' ? initialization.physicalId(request) : undefined });
    for (let now = NOW; execution.next !== 'RESPOND'; now += (execution.seconds + 1) * SECOND) {
      execution = await reconcile(this.aws, initialization, execution, now);
      if (execution.next === 'ACT') execution = await act(this.aws, initialization, execution, now);
      if (this.state === 'INITIALIZE_IN_PROGRESS' && now > NOW + 60 * SECOND) this.state = 'INITIALIZED';
    }
    return execution.outcome!;
  }

  private certificates(): ClusterCertificates {
    return this.state === 'UNINITIALIZED' ? { clusterCsr: this.csr } : { clusterCertificate: this.taken[0].signed };
  }
}

let world: World;

beforeEach(() => {
  world = new World();
});

test('without certificates it ends when the request is there, and nothing is initialized', async () => {
  expect(await world.run('Create', PROPERTIES)).toMatchObject({ status: 'SUCCESS', attributes: {} });
  expect([world.state, world.taken]).toEqual(['UNINITIALIZED', []]);
});

test('with them it checks, writes down, initializes, and tells where the anchor is', async () => {
  world.give(leaf(), anchor());
  await world.run('Create', PROPERTIES);

  expect(await world.run('Update', GIVEN)).toMatchObject({ status: 'SUCCESS', attributes: { TrustAnchorParameterName: parameter('trust-anchor') } });
  expect(world.taken).toEqual([{ signed: leaf(), anchor: anchor() }]);
  expect([world.value('trust-anchor'), world.value('signed-certificate')]).toEqual([anchor(), leaf()]);
  expect(await world.run('Update', GIVEN)).toMatchObject({ status: 'SUCCESS' });
  expect(world.taken).toHaveLength(1);
});

test.each<[string, () => [string, string], string]>([
  ['for another key', () => [leaf(rsaKey('other')), anchor()], 'LeafKeyDiffers'],
  ['of another root', () => [leaf(), anchor(rsaKey('stranger'))], 'LeafNotSignedByAnchor'],
  ['that are swapped', () => [anchor(), leaf()], 'CertificatesSwapped'],
  ['that are none', () => ['nothing', 'nothing'], 'PemMissing'],
])('certificates %s are never sent, and the right ones take their place', async (_, wrong, code) => {
  world.give(...wrong());

  const refused = await world.run('Update', GIVEN);
  const writtenDown = [world.value('trust-anchor'), world.value('signed-certificate')];
  world.give(leaf(), anchor());
  const accepted = await world.run('Update', GIVEN);

  expect(refused).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(new RegExp(`^${code}: .*nothing was sent to CloudHSM`)) });
  expect(writtenDown).toEqual([undefined, undefined]);
  expect(accepted.status).toBe('SUCCESS');
  expect(world.taken).toEqual([{ signed: leaf(), anchor: anchor() }]);
});

test('a request that changed meanwhile is written down, and the deploy says where it is', async () => {
  world.give(leaf(), anchor());
  world.csr = OTHER_CSR;

  const changed = await world.run('Update', GIVEN);

  expect(changed).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^CsrChanged: .*evidence\/cluster-csr: sign that one and deploy again/) });
  expect([world.value('evidence/cluster-csr'), world.taken]).toEqual([OTHER_CSR, []]);
  world.give(leaf(rsaKey('other')), anchor());
  expect(await world.run('Update', GIVEN)).toMatchObject({ status: 'SUCCESS' });
});

describe('an initialized cluster', () => {
  beforeEach(async () => {
    world.give(leaf(), anchor());
    await world.run('Update', GIVEN);
  });

  test('keeps its certificates: others are refused, the same with other line ends are not', async () => {
    world.give(leaf(), anchor(rsaKey('stranger')));
    expect(await world.run('Update', GIVEN)).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^CertificatesChanged: /) });

    world.give(leaf().replace(/\n/g, '\r\n'), anchor());
    expect(await world.run('Update', GIVEN)).toMatchObject({ status: 'SUCCESS' });
    expect([world.value('trust-anchor'), world.taken.length]).toEqual([anchor(), 1]);
  });

  test('whose certificates are taken out of the code says so, but goes along with a rollback', async () => {
    expect(await world.run('Update', PROPERTIES)).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^CertificatesMissing: /) });

    world.stackStatus = 'UPDATE_ROLLBACK_IN_PROGRESS';
    expect(await world.run('Update', PROPERTIES)).toMatchObject({ status: 'SUCCESS' });
    expect(world.value('trust-anchor')).toBe(anchor());
  });
});

test('a cluster that was initialized by hand with the given certificates is taken as it is; with others it is not', async () => {
  world.state = 'INITIALIZED';
  world.taken.push({ signed: leaf(), anchor: anchor() });
  world.give(leaf(), anchor(rsaKey('stranger')));

  expect(await world.run('Update', GIVEN)).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^TrustAnchorWrong: /) });
  world.give(leaf(), anchor());
  expect(await world.run('Update', GIVEN)).toMatchObject({ status: 'SUCCESS' });
  expect([world.value('trust-anchor'), world.taken.length]).toEqual([anchor(), 1]);
});
