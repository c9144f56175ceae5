import { X509Certificate } from 'crypto';
import fc from 'fast-check';
import type { ClusterCertificates } from '../../../src/handlers/aws/cloudhsm';
import { act } from '../../../src/handlers/engine/act';
import type { Execution } from '../../../src/handlers/engine/execution';
import { reconcile } from '../../../src/handlers/engine/reconcile';
import { initialization } from '../../../src/handlers/initialization/initialization';
import { INITIALIZATION_TYPE } from '../../../src/lifecycle/initialization-contract';
import { fakeAws, FakeParameters, lostAnswer, serviceError } from '../_helpers/aws';
import type { FakeAws } from '../_helpers/aws';
import { A, cluster, hsm, MADE_HERE } from '../_helpers/cluster';
import { CLUSTER_ID, newExecution, newRequest, NOW, SECOND } from '../_helpers/request';
import { kmsSign, rsaKey } from '../pki/_helpers/keys';
import { requestPem } from '../pki/_helpers/x509';

const logged = jest.fn<void, [string]>();

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(logged);
});

const PROPERTIES = { ClusterId: CLUSTER_ID, Authority: 'KMS', AuthorityKeyArn: 'arn:key', ValidityYears: '10' };
const parameter = (of: string) => `/cdk-cloudhsm/${CLUSTER_ID}/${of}`;

const HSM = rsaKey('hsm');
const CA = rsaKey('ca');
const CSR = requestPem({ key: HSM });
const OTHER_CSR = requestPem({ key: rsaKey('other') });

/** A cluster that takes certificates as CloudHSM does. */
class Service {
  public state: 'UNINITIALIZED' | 'INITIALIZE_IN_PROGRESS' | 'INITIALIZED' = 'UNINITIALIZED';
  public csr = CSR;
  public readonly taken: Array<{ signed: string; anchor: string }> = [];
  public readonly aws: FakeAws;
  public fates: Array<'lost, taken' | 'lost, not taken' | Error> = [];

  public constructor(parameters: Readonly<Record<string, string>> = {}) {
    this.aws = fakeAws({
      cloudHsm: {
        describe: async () => ({ cluster: cluster(this.state, [hsm('1', A)]), certificates: this.certificates() }),
        initialize: async (_clusterId, signed, anchor) => this.initialize(signed, anchor),
      },
      keys: { enable: async () => {}, publicKey: async () => CA.spki, signDigest: async (_key, digest) => kmsSign(CA)(digest) },
    }, new FakeParameters({ [parameter('origin')]: JSON.stringify(MADE_HERE), [parameter('evidence/cluster-csr')]: CSR, ...parameters }));
  }

  private certificates(): ClusterCertificates {
    return this.state === 'UNINITIALIZED' ? { clusterCsr: this.csr } : { clusterCertificate: this.taken[0].signed };
  }

  private initialize(signed: string, anchor: string): void {
    const fate = this.fates.shift();
    if (fate instanceof Error) throw fate;
    if (fate === 'lost, not taken') throw lostAnswer();
    this.taken.push({ signed, anchor });
    this.state = 'INITIALIZE_IN_PROGRESS';
    if (fate) throw lostAnswer();
  }
}

/** All that went from state to state, as the machine's history keeps it. */
const run = async (service: Service, repeatEverything = false) => {
  let execution: Execution = newExecution(newRequest('Create', INITIALIZATION_TYPE, PROPERTIES));
  let history = '';
  for (let now = NOW; ; now += (execution.seconds + 1) * SECOND) {
    const before = execution;
    execution = await reconcile(service.aws, initialization, before, now);
    if (repeatEverything) execution = await reconcile(service.aws, initialization, before, now);
    history += JSON.stringify(execution);
    if (execution.next === 'RESPOND') return { outcome: execution.outcome!, history, seconds: (now - NOW) / SECOND };
    if (execution.next === 'ACT') {
      const planned = execution;
      const caught = ({ name, message }: Error) => ({ ...planned, error: { Error: name, Cause: message }, seconds: 5 });
      execution = await act(service.aws, initialization, planned, now).catch(caught);
      history += JSON.stringify(execution);
    }
    if (service.state === 'INITIALIZE_IN_PROGRESS' && now > NOW + 200 * SECOND) service.state = 'INITIALIZED';
  }
};

test('signs, writes down, initializes, and tells where the anchor is', async () => {
  const service = new Service();

  const { outcome } = await run(service);

  const anchor = new X509Certificate(service.aws.parameters.values.get(parameter('trust-anchor'))!);
  expect(outcome).toMatchObject({
    status: 'SUCCESS',
    attributes: {
      TrustAnchorParameterName: parameter('trust-anchor'), TrustAnchorFingerprint: anchor.fingerprint256, TrustAnchorNotAfter: expect.stringMatching(/Z$/),
    },
  });
  expect(new X509Certificate(service.taken[0].signed).verify(anchor.publicKey)).toBe(true);
});

test('sends the same bytes however often, whatever gets lost, and never overwrites', async () => {
  const fates = fc.array(fc.constantFrom<'lost, taken' | 'lost, not taken'>('lost, taken', 'lost, not taken'), { maxLength: 2 });
  const { taken: [expected] } = await (async () => {
    const service = new Service();
    await run(service);
    return service;
  })();

  await fc.assert(fc.asyncProperty(fates, fc.boolean(), async (given, repeatEverything) => {
    const service = new Service();
    service.fates = [...given];

    const { outcome } = await run(service, repeatEverything);

    expect(outcome.status).toBe('SUCCESS');
    expect(service.taken).toEqual([expected]);
    expect(service.aws.parameters.values.get(parameter('signed-certificate'))).toBe(expected.signed);
  }), { numRuns: 20 });
});

test('keeps certificates, passwords of keys and CSRs out of logs and history, also when the service quotes them', async () => {
  const quoting = (pem: string) => serviceError('CloudHsmInvalidRequestException', `Value '${pem}' at 'signedCert' failed to satisfy constraint`);
  const pems = [CSR, CSR.slice(0, 200), `-----BEGIN RSA PRIVATE KEY-----\n${'A'.repeat(64)}`];

  for (const fate of [undefined, ...pems.map(quoting)]) {
    logged.mockClear();
    const service = new Service();
    service.fates = fate ? [fate] : [];

    const { outcome, history } = await run(service);

    expect(outcome.status).toBe(fate ? 'FAILED' : 'SUCCESS');
    expect(`${history}${logged.mock.calls.join('\n')}`).not.toMatch(/-----|MII|AAAA/);
  }
});

test('does not initialize when the CSR is another one by then', async () => {
  const service = new Service();
  service.csr = OTHER_CSR;

  const { outcome } = await run(service);

  expect(outcome).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^CsrChanged: /) });
  expect(service.taken).toEqual([]);
});

test('compares CSR and certificates again right before the call', async () => {
  const service = new Service();
  await run(service);
  const issued = new Map(service.aws.parameters.values);
  const replaced = new Service(Object.fromEntries(issued));
  replaced.csr = OTHER_CSR;

  const memory = await initialization.act(replaced.aws, [{ kind: 'initialize' }], newRequest('Create', INITIALIZATION_TYPE, PROPERTIES), {}, NOW);

  expect(memory).toMatchObject({ refused: { code: expect.any(String) } });
  expect(replaced.taken).toEqual([]);
});

describe('an anchor that', () => {
  const late = Date.UTC(2040, 0, 1);
  const outcomeOf = async (service: Service, type: 'Create' | 'Delete', now: number) => {
    const request = newRequest(type, INITIALIZATION_TYPE, PROPERTIES, { deadline: now + 60 * 60 * SECOND });
    return (await reconcile(service.aws, initialization, newExecution(request, { startedAt: now }), now)).outcome;
  };

  test('has expired fails, for clients no longer trust the cluster, but keeps no deletion', async () => {
    const service = new Service();
    await run(service);

    expect(await outcomeOf(service, 'Create', late)).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^TrustAnchorExpired: /) });
    expect(await outcomeOf(service, 'Delete', late)).toMatchObject({ status: 'SUCCESS' });
  });

  test('is no certificate fails, but keeps no deletion', async () => {
    const service = new Service();
    await run(service);
    service.aws.parameters.values.set(parameter('trust-anchor'), 'my CA');

    expect(await outcomeOf(service, 'Create', NOW)).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^TrustAnchorUnreadable: /) });
    expect(await outcomeOf(service, 'Delete', NOW)).toMatchObject({ status: 'SUCCESS' });
  });
});

test.each([
  ['AuthorityChanged', { AuthorityKeyArn: 'arn:other' }], ['ClusterChanged', { ClusterId: 'cluster-aaaaaaaaaaa' }],
])('refuses %s before any call; the roll back passes', async (code, change) => {
  const aws = fakeAws();
  const physicalId = initialization.physicalId(newRequest('Create', INITIALIZATION_TYPE, PROPERTIES));

  const { outcome } = await reconcile(aws, initialization, newExecution(newRequest('Update', INITIALIZATION_TYPE, { ...PROPERTIES, ...change }, { physicalId })), NOW);

  expect(outcome).toMatchObject({ status: 'FAILED', physicalId, reason: expect.stringMatching(`^${code}: `) });
  expect(aws.calls).toEqual([]);
  expect(initialization.refuse?.(newRequest('Update', INITIALIZATION_TYPE, PROPERTIES, { physicalId }))).toBeUndefined();
});

test('a Delete forgets anchor and certificate of a cluster that never was initialized, once, and nothing else', async () => {
  const service = new Service({ [parameter('trust-anchor')]: '', [parameter('signed-certificate')]: 'x' });

  await initialization.act(service.aws, [{ kind: 'forget' }], newRequest('Delete', INITIALIZATION_TYPE, PROPERTIES), {}, NOW);

  expect([...service.aws.parameters.values.keys()]).toEqual([parameter('origin'), parameter('evidence/cluster-csr')]);
});
