import { planRestoredCluster } from '../../../src/handlers/restored-cluster/plan';
import type { ObservedRestoredCluster, RestoredClusterMemory } from '../../../src/handlers/restored-cluster/plan';
import { restoredCluster } from '../../../src/handlers/restored-cluster/restored-cluster';
import { RESTORED_CLUSTER_TYPE } from '../../../src/lifecycle/restored-cluster-contract';
import type { RestoredClusterProperties } from '../../../src/lifecycle/restored-cluster-contract';
import { fakeAws, FakeParameters, lostAnswer, serviceError } from '../_helpers/aws';
import { A, cluster, CLUSTER_STATES, hsm } from '../_helpers/cluster';
import type { ClusterState } from '../_helpers/cluster';
import { CLUSTER_ID, MINUTE, newRequest, NOW, REQUEST_TYPES, SECOND } from '../_helpers/request';

type Type = typeof REQUEST_TYPES[number];

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(() => {});
});

const PROPERTIES: RestoredClusterProperties = {
  ServiceToken: '', ServiceTimeout: '3480', StateMachineArn: '', BackupId: 'backup-rtq2dwi2gq6', BackupAdminSecretArn: 'arn:secret', SubnetIds: ['subnet-a'],
  HsmType: 'hsm2m.medium', Mode: 'FIPS', NetworkType: 'IPV4', BackupRetentionDays: '',
};
const FAILURE = { code: 'TrustAnchorWrong', message: 'no' };
type Given = Partial<RestoredClusterProperties>;
const request = (type: Type, properties: Given = {}) => newRequest(type, RESTORED_CLUSTER_TYPE, { ...PROPERTIES, ...properties }, {
  oldProperties: { ...PROPERTIES }, physicalId: type === 'Create' ? undefined : restoredCluster.physicalId(newRequest('Create', RESTORED_CLUSTER_TYPE, PROPERTIES)),
});
const RECORD = { request: request('Create').requestId, backupId: 'backup-rtq2dwi2gq6', adminSecretVersionIds: 'v1,v0', clusterId: CLUSTER_ID };
const made = (state: ClusterState = 'ACTIVE', hsms: ReturnType<typeof hsm>[] = []): ObservedRestoredCluster => ({
  record: RECORD, clusterId: CLUSTER_ID, cluster: cluster(state, hsms), hasAnchor: true,
});
const LOST: ObservedRestoredCluster = { record: { ...RECORD, clusterId: undefined }, clusterId: undefined, cluster: undefined, hasAnchor: false };

const gist = (type: Type, observed: ObservedRestoredCluster, memory: RestoredClusterMemory = {}, properties: Given = {}): string => {
  const step = planRestoredCluster(request(type, properties), { ...PROPERTIES, ...properties }, observed, memory, NOW);
  switch (step.kind) {
    case 'act': return step.acts.map(({ kind }) => kind).join();
    case 'fail': return step.code;
    default: return step.kind;
  }
};

const EXPECTED: Record<typeof CLUSTER_STATES[number], { Create: string; Update: string; Delete: string }> = {
  CREATE_IN_PROGRESS: { Create: 'wait', Update: 'done', Delete: 'wait' },
  UNINITIALIZED: { Create: 'wait', Update: 'done', Delete: 'delete-cluster' },
  INITIALIZE_IN_PROGRESS: { Create: 'wait', Update: 'done', Delete: 'delete-cluster' },
  INITIALIZED: { Create: 'wait', Update: 'done', Delete: 'delete-cluster' },
  ACTIVE: { Create: 'done', Update: 'done', Delete: 'delete-cluster' },
  DEGRADED: { Create: 'done', Update: 'done', Delete: 'delete-cluster' },
  UPDATE_IN_PROGRESS: { Create: 'wait', Update: 'done', Delete: 'wait' },
  MODIFY_IN_PROGRESS: { Create: 'wait', Update: 'done', Delete: 'wait' },
  ROLLBACK_IN_PROGRESS: { Create: 'wait', Update: 'done', Delete: 'wait' },
  DELETE_IN_PROGRESS: { Create: 'ClusterGone', Update: 'ClusterGone', Delete: 'wait' },
  DELETED: { Create: 'ClusterGone', Update: 'ClusterGone', Delete: 'forget' },
};

test.each(CLUSTER_STATES.flatMap((state) => REQUEST_TYPES.map((type): [Type, ClusterState, string] => [type, state, EXPECTED[state][type]])))(
  '%s of a cluster that is %s: %s', (type, state, expected) => {
    expect(gist(type, made(state))).toBe(expected);
  });

test.each<[string, Type, ObservedRestoredCluster, RestoredClusterMemory, string]>([
  ['the choice is written down before anything is made', 'Create', LOST, {}, 'create'],
  ['an answer that was lost is looked for', 'Create', LOST, { createdAt: NOW - 170 * SECOND }, 'wait'],
  ['and given up: nothing is made twice', 'Create', LOST, { createdAt: NOW - 180 * SECOND }, 'RestoreLost'],
  ['a refusal is final', 'Create', LOST, { createdAt: NOW, refused: { code: 'CloudHsmInvalidRequestException', message: 'no' } }, 'RestoreRefused'],
  ['a cluster that was found is written down', 'Create', { ...made(), record: { ...RECORD, clusterId: undefined } }, {}, 'note-cluster'],
  ['one that is not listed yet is awaited', 'Create', { ...made(), cluster: undefined }, { createdAt: NOW - MINUTE }, 'wait'],
  ['one that hangs is given up', 'Create', made('CREATE_IN_PROGRESS'), { createdAt: NOW - 36 * MINUTE }, 'RestoreHangs'],
  ['its anchor is kept', 'Create', { ...made(), hasAnchor: false, anchorFits: true }, {}, 'keep-anchor'],
  ['a wrong anchor stops it before an HSM is bought', 'Create', { ...made('CREATE_IN_PROGRESS'), hasAnchor: false, anchorFits: false }, {}, 'TrustAnchorWrong'],
  ['a failed Create takes the cluster back', 'Create', made(), { failure: FAILURE }, 'delete-cluster'],
  ['also one that may still appear', 'Create', LOST, { createdAt: NOW - MINUTE, failure: FAILURE }, 'wait'],
  ['and says why', 'Create', { ...LOST, record: undefined }, { failure: FAILURE }, 'TrustAnchorWrong'],
  ['a failed Update takes nothing back', 'Update', made(), { failure: FAILURE }, 'TrustAnchorWrong'],
  ['a Delete that CloudFormation made up finds nothing', 'Delete', { ...LOST, record: undefined }, {}, 'done'],
  ['a cluster with HSMs is not deleted', 'Delete', made('ACTIVE', [hsm('1', A)]), {}, 'ClusterHasHsms'],
  ['a deletion is not asked for twice at once', 'Delete', made(), { deletedAt: NOW - 59 * SECOND }, 'wait'],
  ['but again when it shows no effect', 'Delete', made(), { deletedAt: NOW - 60 * SECOND }, 'delete-cluster'],
  ['and is over when nothing is left', 'Delete', { ...LOST, record: undefined }, { forgotten: true }, 'done'],
])('%s', (_, type, observed, memory, expected) => {
  expect(gist(type, observed, memory)).toBe(expected);
});

test('another retention is set in place, once', () => {
  expect(gist('Update', made(), {}, { BackupRetentionDays: '30' })).toBe('set-retention');
  expect(gist('Update', made(), { retentionSet: true }, { BackupRetentionDays: '30' })).toBe('done');
});

test('another backup in the code is refused before any call, and its roll back passes', () => {
  expect(restoredCluster.refuse!(request('Update', { BackupId: 'backup-aaaaaaaaaaa' }))).toMatchObject({ code: 'ClusterReplacementRefused' });
  expect(restoredCluster.refuse!(request('Update'))).toBeUndefined();
});

describe('the edge', () => {
  const TAG = ['cdk-cloudhsm:restored-by', expect.stringMatching(new RegExp(`^[0-9a-f]{24}/${RECORD.request}$`))] as const;
  const recordName = async (parameters: FakeParameters) => [...(await parameters.under('/cdk-cloudhsm/restored')).keys()][0];
  const act = async (answer: string | Error) => {
    const aws = fakeAws({
      restoredClusters: {
        restore: async () => {
          if (answer instanceof Error) throw answer;
          return answer;
        },
      },
    });
    const memory = await restoredCluster.act(aws, [{ kind: 'create', record: { ...RECORD, clusterId: undefined } }], request('Create'), { createdAt: NOW }, NOW);
    return { aws, memory };
  };

  test('asks for the cluster with a tag of the request, and writes its id down', async () => {
    const { aws, memory } = await act(CLUSTER_ID);

    expect(aws.inputs('restoredClusters.restore')).toEqual([[expect.objectContaining({ backup: RECORD.backupId, mode: 'FIPS', tag: { key: TAG[0], value: TAG[1] } })]]);
    expect(JSON.parse(aws.parameters.values.get(await recordName(aws.parameters))!)).toEqual(RECORD);
    expect(memory).toEqual({ createdAt: NOW });
  });

  test('remembers a refusal, and of a lost answer nothing', async () => {
    expect((await act(serviceError('CloudHsmInvalidRequestException', 'no'))).memory).toMatchObject({ refused: { message: 'no' } });
    expect((await act(lostAnswer())).memory).toEqual({ createdAt: NOW });
  });

  test('a Create takes no notice of what an earlier request of the same resource made and left', async () => {
    const parameters = new FakeParameters();
    const earlier = fakeAws({}, parameters);
    await restoredCluster.act(earlier, [{ kind: 'choose', record: { ...RECORD, request: 'earlier' } }], request('Create'), {}, NOW);
    const aws = fakeAws({ backups: { find: async () => undefined } }, parameters);

    expect(await restoredCluster.observe(aws, request('Create'), {}, NOW)).toMatchObject({ record: undefined, clusterId: undefined });
    expect(aws.inputs('cloudHsm.describe')).toEqual([]);
  });

  test('a cluster whose answer was lost is found by its tag', async () => {
    const parameters = new FakeParameters();
    await restoredCluster.act(fakeAws({}, parameters), [{ kind: 'choose', record: { ...RECORD, clusterId: undefined } }], request('Create'), {}, NOW);
    const aws = fakeAws({ restoredClusters: { tagged: async () => [CLUSTER_ID] }, cloudHsm: { describe: async () => ({ cluster: cluster('ACTIVE'), certificates: {} }) } }, parameters);

    expect(await restoredCluster.observe(aws, request('Delete'), {}, NOW)).toMatchObject({ clusterId: CLUSTER_ID, cluster: { state: 'ACTIVE' } });
    expect(aws.inputs('restoredClusters.tagged')).toEqual([TAG]);
  });
});
