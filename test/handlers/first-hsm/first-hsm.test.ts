import { reconcile } from '../../../src/handlers/engine/reconcile';
import { evidenceOf } from '../../../src/handlers/first-hsm/evidence';
import { firstHsm } from '../../../src/handlers/first-hsm/first-hsm';
import type { FirstHsmAct, FirstHsmMemory } from '../../../src/handlers/first-hsm/plan';
import { FIRST_HSM_TYPE } from '../../../src/lifecycle/first-hsm-contract';
import { fakeAws, FakeParameters, lostAnswer, serviceError } from '../_helpers/aws';
import { A, cluster, hsm, MADE_HERE } from '../_helpers/cluster';
import { CLUSTER_ID, newExecution, newRequest, NOW, SECOND } from '../_helpers/request';
import { rsaKey } from '../pki/_helpers/keys';
import { certificatePem, name, requestPem } from '../pki/_helpers/x509';

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(() => {});
});

const PROPERTIES = { ClusterId: CLUSTER_ID, AvailabilityZones: A, AuditLogRetentionDays: '365', AuditLogKeyArn: 'arn:key' };
const request = newRequest('Create', FIRST_HSM_TYPE, PROPERTIES);
const parameter = (of: string) => `/cdk-cloudhsm/${CLUSTER_ID}/${of}`;

const HSM = rsaKey('hsm');
const pem = (commonName: string) => certificatePem({
  subject: name([['CN', commonName]]), key: HSM, extensions: [], notBefore: '2026-11-23T00:00:00Z', notAfter: '2036-11-23T00:00:00Z',
});
const CERTIFICATES = {
  clusterCsr: requestPem({ key: HSM }), hsmCertificate: pem('hsm'), awsHardwareCertificate: pem('aws'), manufacturerHardwareCertificate: pem('manufacturer'),
};

const act = async (one: FirstHsmAct, aws = fakeAws(), memory: FirstHsmMemory = {}) => {
  const learned = await firstHsm.act(aws, [one], request, memory, NOW + SECOND);
  return { learned, aws };
};

describe('an attempt to create HSM 1', () => {
  const create: FirstHsmAct = { kind: 'create-hsm', attemptId: '1', availabilityZone: A };
  const memory: FirstHsmMemory = { attempts: [{ id: '1', availabilityZone: A, at: NOW }] };
  const answering = (createHsm: () => Promise<string>) => fakeAws({ cloudHsm: { createHsm } });

  test('that is answered is known by the id of the HSM', async () => {
    const { learned, aws } = await act(create, answering(async () => 'hsm-1'), memory);

    expect(learned).toEqual({ attempts: [{ id: '1', availabilityZone: A, at: NOW + SECOND, hsmId: 'hsm-1' }] });
    expect(aws.inputs('cloudHsm.createHsm')).toEqual([[CLUSTER_ID, A]]);
  });

  test('that is refused is remembered as such', async () => {
    const { learned } = await act(create, answering(() => Promise.reject(serviceError('CloudHsmInvalidRequestException', 'no'))), memory);

    expect(learned).toMatchObject({ attempts: [{ refused: { code: 'CloudHsmInvalidRequestException', message: 'no' } }] });
  });

  test.each([['lost', lostAnswer()], ['a fault', serviceError('CloudHsmInternalFailureException', '', 500)]])('that was %s counts from when it was made', async (_, error) => {
    const { learned } = await act(create, answering(() => Promise.reject(error)), memory);

    expect(learned).toEqual({ attempts: [{ id: '1', availabilityZone: A, at: NOW + SECOND }] });
  });

  test('that was denied is left to the engine, which plans it anew while permissions settle', async () => {
    const denied = serviceError('CloudHsmAccessDeniedException', 'no');

    await expect(act(create, answering(() => Promise.reject(denied)), memory)).rejects.toBe(denied);
  });
});

describe('a removal', () => {
  test.each([
    ['refused', serviceError('CloudHsmInvalidRequestException', 'not now'), false], ['denied', serviceError('CloudHsmAccessDeniedException', 'no'), true],
    ['lost', lostAnswer(), true],
  ])(
    'that was %s', async (_, error, thrown) => {
      const removing = act({ kind: 'delete-hsm', hsmId: 'hsm-1' }, fakeAws({ cloudHsm: { deleteHsm: () => Promise.reject(error) } }));

      if (thrown) await expect(removing).rejects.toBe(error);
      else expect((await removing).learned).toEqual({});
    });
});

describe('the evidence', () => {
  test('ends with the fingerprints, which are there only when all is', () => {
    const evidence = evidenceOf(CERTIFICATES);

    expect(evidence.map(([of]) => of)).toEqual([
      'evidence/cluster-csr', 'evidence/hsm-certificate', 'evidence/aws-hardware-certificate', 'evidence/manufacturer-hardware-certificate', 'evidence/fingerprints',
    ]);
    expect(JSON.parse(evidence[4][1])).toMatchObject({ 'evidence/aws-hardware-certificate': expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2} CN=aws$/) });
  });

  test('is what the service shows: hsm2m may show less', () => {
    expect(evidenceOf({ clusterCsr: CERTIFICATES.clusterCsr })).toEqual([['evidence/cluster-csr', CERTIFICATES.clusterCsr], ['evidence/fingerprints', '{}']]);
  });

  test('is written once', async () => {
    const parameters = new FakeParameters({ [parameter('evidence/cluster-csr')]: 'the first CSR' });
    const aws = fakeAws({ cloudHsm: { describe: async () => ({ cluster: cluster('UNINITIALIZED'), certificates: CERTIFICATES }) } }, parameters);

    await act({ kind: 'record-evidence' }, aws);

    expect(parameters.values.get(parameter('evidence/cluster-csr'))).toBe('the first CSR');
    expect(parameters.values.has(parameter('evidence/fingerprints'))).toBe(true);
  });
});

test('the origin is written once: a second stack adopts what the first one made', async () => {
  const aws = fakeAws({}, new FakeParameters({ [parameter('origin')]: 'first' }));

  await act({ kind: 'record-origin', origin: MADE_HERE }, aws);

  expect(aws.parameters.values.get(parameter('origin'))).toBe('first');
});

test('the audit log group is that of CloudHSM itself', async () => {
  const { aws, learned } = await act({ kind: 'ensure-audit-log' }, fakeAws({ logs: { ensure: async () => {} } }));

  expect(aws.inputs('logs.ensure')).toEqual([[{ name: `/aws/cloudhsm/${CLUSTER_ID}`, retentionDays: 365, keyArn: 'arn:key', hadKey: false }]]);
  expect(learned).toEqual({ auditLogEnsured: true });
});

test.each<[string | undefined, boolean]>([[undefined, false], ['', false], ['arn:old', true]])('a key that was given before (%s) is told, so that it goes: %s', async (before, hadKey) => {
  const aws = fakeAws({ logs: { ensure: async () => {} } });
  const update = { ...newRequest('Update', FIRST_HSM_TYPE, { ...PROPERTIES, AuditLogKeyArn: '' }), oldProperties: { AuditLogKeyArn: before } };

  await firstHsm.act(aws, [{ kind: 'ensure-audit-log' }], update as typeof request, {}, NOW);

  expect(aws.inputs('logs.ensure')).toEqual([[expect.objectContaining({ keyArn: undefined, hadKey })]]);
});

test('forgetting takes all parameters of this cluster but the lease, and the log group', async () => {
  const kept = [parameter('lease/7'), '/cdk-cloudhsm/cluster-aaaaaaaaaaa/origin', `/cdk-cloudhsm/${CLUSTER_ID}x/origin`];
  const gone = [parameter('origin'), parameter('trust-anchor'), parameter('evidence/hsm-certificate'), parameter('users/app')];
  const aws = fakeAws({ logs: { delete: async () => {} } }, new FakeParameters(Object.fromEntries([...kept, ...gone].map((of) => [of, 'x']))));

  await act({ kind: 'forget' }, aws);

  expect([...aws.parameters.values.keys()]).toEqual(kept);
  expect(aws.inputs('logs.delete')).toEqual([[`/aws/cloudhsm/${CLUSTER_ID}`]]);
});

test('key stores are asked for only before something is removed', async () => {
  const observing = async (type: 'Create' | 'Delete', memory = {}) => {
    const describe = async () => ({ cluster: cluster('UNINITIALIZED', [hsm('1', A)]), certificates: {} });
    const aws = fakeAws({ cloudHsm: { describe }, keys: { keyStoresOf: async () => ['orders'] } });
    return (await firstHsm.observe(aws, newRequest(type, FIRST_HSM_TYPE, PROPERTIES), memory, NOW)).keyStores;
  };

  expect(await observing('Create')).toEqual([]);
  expect(await observing('Delete')).toEqual(['orders']);
  expect(await observing('Create', { failure: { code: 'x', message: 'y' } })).toEqual(['orders']);
});

test('another cluster is refused before any call', async () => {
  const aws = fakeAws();

  const { outcome } = await reconcile(aws, firstHsm, newExecution(newRequest('Update', FIRST_HSM_TYPE, { ...PROPERTIES, ClusterId: 'cluster-aaaaaaaaaaa' })), NOW);

  expect(outcome).toMatchObject({ status: 'FAILED', reason: expect.stringMatching(/^ClusterChanged: /) });
  expect(aws.calls).toEqual([]);
});

describe('a stack that is to adopt another cluster than it has', () => {
  const refusal = (type: 'Create' | 'Update' | 'Delete', AdoptedClusterId: string) => firstHsm.refuse!(
    newRequest(type, FIRST_HSM_TYPE, { ...PROPERTIES, AdoptedClusterId }, { physicalId: `${CLUSTER_ID}/first-hsm/0` }));

  test.each(['Create', 'Update'] as const)('is refused on %s, before anything is bought', (type) => {
    expect(refusal(type, 'cluster-other')).toMatchObject({ code: 'ClusterNotImported', message: expect.stringMatching(/bring cluster-other into the stack by cdk import/) });
    expect(refusal(type, CLUSTER_ID)).toBeUndefined();
  });

  test('may always be deleted', () => {
    expect(refusal('Delete', 'cluster-other')).toBeUndefined();
  });
});
