import type { ClusterCertificates } from '../../../src/handlers/aws/cloudhsm';
import type { CertificateOrder, PrivateCa } from '../../../src/handlers/aws/private-cas';
import { act } from '../../../src/handlers/engine/act';
import { reconcile } from '../../../src/handlers/engine/reconcile';
import { initialization } from '../../../src/handlers/initialization/initialization';
import { privateCaProblem } from '../../../src/handlers/private-ca/private-ca';
import { INITIALIZATION_TYPE } from '../../../src/lifecycle/initialization-contract';
import { fakeAws, FakeParameters, lostAnswer, serviceError } from '../_helpers/aws';
import type { FakeAws } from '../_helpers/aws';
import { A, cluster, hsm, MADE_HERE } from '../_helpers/cluster';
import { CLUSTER_ID, newExecution, newRequest, NOW, SECOND } from '../_helpers/request';
import { rsaKey } from '../pki/_helpers/keys';
import { basicConstraints, certificatePem, MARVELL_SUBJECT, name, requestPem } from '../pki/_helpers/x509';

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation();
});

const DAY = 86_400_000;
const CA = 'arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/one';
const HSM = rsaKey('hsm');
const ROOT = rsaKey('root');
const ROOT_NAME = name([['CN', 'Company root']]);
const CSR = requestPem({ key: HSM });
const ANCHOR = certificatePem({ subject: ROOT_NAME, issuer: ROOT_NAME, key: ROOT, signedBy: ROOT, extensions: [basicConstraints(true)] });
const leaf = (key = HSM) => certificatePem({ subject: MARVELL_SUBJECT, issuer: ROOT_NAME, key, signedBy: ROOT });

const PROPERTIES = {
  ClusterId: CLUSTER_ID, Authority: 'PRIVATE_CA', AuthorityKeyArn: '', ValidityYears: '', PrivateCaArn: CA, PrivateCaTemplateArn: 'arn:template',
};
const parameter = (of: string) => `/cdk-cloudhsm/${CLUSTER_ID}/${of}`;
const GOOD: PrivateCa = { status: 'ACTIVE', type: 'ROOT', keyAlgorithm: 'RSA_4096', usageMode: 'GENERAL_PURPOSE', notAfter: NOW + 7300 * DAY };

/** A cluster that takes certificates, and an authority that issues them after some looks. */
class World {
  public state: 'UNINITIALIZED' | 'INITIALIZE_IN_PROGRESS' | 'INITIALIZED' = 'UNINITIALIZED';
  public csr = CSR;
  public ca: PrivateCa | undefined = GOOD;
  public body = leaf();
  /** What becomes of the next calls. */
  public fates: Error[] = [];
  public looks = 2;
  public readonly orders: CertificateOrder[] = [];
  public readonly taken: Array<{ signed: string; anchor: string }> = [];
  public readonly aws: FakeAws = fakeAws({
    cloudHsm: {
      describe: async () => ({ cluster: cluster(this.state, [hsm('1', A)]), certificates: this.certificates() }),
      initialize: async (_clusterId, signed, anchor) => {
        this.taken.push({ signed, anchor });
        this.state = 'INITIALIZE_IN_PROGRESS';
      },
    },
    privateCas: {
      describe: async () => this.ca,
      issue: async (order) => {
        this.orders.push(order);
        const fate = this.fates.shift();
        if (fate) throw fate;
        return `${CA}/certificate/${order.token}`;
      },
      certificate: async () => ((this.looks -= 1) < 0 ? { certificate: this.body.trim(), chain: ANCHOR.trim() } : undefined),
    },
  }, new FakeParameters({ [parameter('origin')]: JSON.stringify(MADE_HERE), [parameter('evidence/cluster-csr')]: CSR }));

  public async run(properties: object = PROPERTIES) {
    let execution = newExecution(newRequest('Create', INITIALIZATION_TYPE, { ...properties }));
    for (let now = NOW; execution.next !== 'RESPOND'; now += (execution.seconds + 1) * SECOND) {
      execution = await reconcile(this.aws, initialization, execution, now);
      if (execution.next === 'ACT') {
        const planned = execution;
        const caught = ({ name: Error, message }: Error) => ({ ...planned, error: { Error, Cause: message }, seconds: 5 });
        execution = await act(this.aws, initialization, planned, now).catch(caught);
      }
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

test('asks, waits, checks, writes down, initializes; the root of the chain is the trust anchor', async () => {
  expect(await world.run()).toMatchObject({ status: 'SUCCESS', attributes: { TrustAnchorParameterName: parameter('trust-anchor') } });
  expect(world.taken).toEqual([{ signed: leaf(), anchor: ANCHOR }]);
  expect(world.orders).toEqual([{
    caArn: CA, templateArn: 'arn:template', csrPem: CSR, notAfter: GOOD.notAfter! - DAY, token: expect.stringMatching(/^[0-9a-f]{32}$/),
  }]);
});

test('asks for the same, by the same token, however often answers are lost', async () => {
  world.fates = [lostAnswer(), lostAnswer(), lostAnswer()];

  expect(await world.run()).toMatchObject({ status: 'SUCCESS' });
  expect([world.orders.length, new Set(world.orders.map((one) => JSON.stringify(one))).size]).toEqual([4, 1]);
});

test.each<[string, Partial<World>, string]>([
  ['an authority that was disabled meanwhile', { ca: { ...GOOD, status: 'DISABLED' } }, 'PrivateCaNotActive'],
  ['a certificate for another key', { body: leaf(rsaKey('other')) }, 'LeafKeyDiffers'],
  ['a refusal', { fates: [serviceError('InvalidStateException', 'not in a valid state')] }, 'InvalidStateException'],
  ['a certificate that never comes', { looks: Infinity }, 'PrivateCaHangs'],
  ['another request than the one written down', { csr: requestPem({ key: rsaKey('other') }) }, 'CsrChanged'],
])('%s ends it before anything is initialized', async (_, what, code) => {
  Object.assign(world, what);

  expect(await world.run()).toMatchObject({ status: 'FAILED', reason: expect.stringContaining(code) });
  expect(world.taken).toEqual([]);
});

test.each<[string, PrivateCa | undefined, string, string | undefined]>([
  ['not there', undefined, '', 'PrivateCaNotFound'],
  ['without its certificate', { ...GOOD, status: 'PENDING_CERTIFICATE', notAfter: undefined }, '', 'PrivateCaNotActive'],
  ['expired', { ...GOOD, status: 'EXPIRED' }, '', 'PrivateCaNotActive'],
  ['for short-lived certificates', { ...GOOD, usageMode: 'SHORT_LIVED_CERTIFICATE' }, '', 'PrivateCaShortLived'],
  ['a subordinate', { ...GOOD, type: 'SUBORDINATE' }, '', 'PrivateCaNotRoot'],
  ['of an elliptic curve', { ...GOOD, keyAlgorithm: 'EC_prime256v1' }, '', 'PrivateCaKeyUnsupported'],
  ['over before the validity is', GOOD, '30', 'PrivateCaEndsEarlier'],
  ['over tomorrow', { ...GOOD, notAfter: NOW + DAY }, '', 'PrivateCaEndsEarlier'],
  ['good', GOOD, '10', undefined],
  ['good for as long as it lives', GOOD, '', undefined],
])('an authority that is %s: %#', (_, ca, years, code) => {
  expect(privateCaProblem(CA, ca, years, NOW)?.code).toBe(code);
});
