import { reconcile } from '../../../src/handlers/engine/reconcile';
import { resourceKey } from '../../../src/handlers/engine/request';
import { LATER } from '../../../src/handlers/engine/step';
import { planUser } from '../../../src/handlers/user/plan';
import type { ObservedUser, UserMemory, UserRecord } from '../../../src/handlers/user/plan';
import { user } from '../../../src/handlers/user/user';
import { USER_TYPE } from '../../../src/lifecycle/user-contract';
import { fakeAws, FakeParameters } from '../_helpers/aws';
import type { ClusterState, HsmState } from '../_helpers/cluster';
import { A, B, cluster, CLUSTER_STATES, hsm, HSM_STATES } from '../_helpers/cluster';
import { CLUSTER_ID, MINUTE, newExecution, newRequest, NOW, REQUEST_TYPES } from '../_helpers/request';

type Type = typeof REQUEST_TYPES[number];

const PROPERTIES = {
  ServiceToken: '', ServiceTimeout: '3480', StateMachineArn: '', ClusterId: CLUSTER_ID, UserName: 'App', SecretArn: 'arn:app', AdminSecretArn: 'arn:admin', Adopt: 'false',
  AdminClientGroupName: 'AdminGroup', TrustAnchorParameterName: `/cdk-cloudhsm/${CLUSTER_ID}/trust-anchor`, EnsureUserDocumentName: 'EnsureUser',
  DeleteUserDocumentName: 'DeleteUser',
};
const ME = resourceKey(newRequest('Create', USER_TYPE, PROPERTIES));
const record = (how: UserRecord['how'], resource = ME): UserRecord => ({ how, resource });
const QUIET = cluster('ACTIVE', [hsm('1', A), hsm('2', B)]);
const FAILURE = { code: 'LoginRefused', message: 'no' };

const plan = (
  type: Type, observed: Partial<ObservedUser> = {}, memory: UserMemory = {}, now = NOW, properties: Partial<typeof PROPERTIES> = {},
) => planUser(
  newRequest(type, USER_TYPE, PROPERTIES), { ...PROPERTIES, ...properties },
  {
    cluster: QUIET, record: type === 'Create' ? undefined : record('made'),
    command: { groupName: 'AdminGroup', client: { instanceId: 'i-1', agentStatus: 'Online' }, refusedVersions: [] }, ...observed,
  }, memory, now,
);

const gist = (run: () => ReturnType<typeof plan>): string => {
  const step = run();
  if (step.kind === 'act') return step.acts.map((one) => (one.kind === 'send-command' ? one.command.name : one.kind === 'record' ? one.record.how : one.kind)).join();
  return step.kind === 'fail' ? step.code : step.kind;
};

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(() => {});
});

describe('by the state of the cluster', () => {
  test.each(CLUSTER_STATES.flatMap((state) => REQUEST_TYPES.map((type): [Type, string, string] => {
    const isActive = ['ACTIVE', 'DEGRADED'].includes(state);
    const expected = isActive
      ? { Create: 'intended', Update: 'ensure-user', Delete: 'delete-user' } : { Create: 'ClusterNotActive', Update: 'ClusterNotActive', Delete: 'done' };
    return [type, state, expected[type]];
  })))('%s on %s: %s', (type, state, expected) => {
    expect(gist(() => plan(type, { cluster: cluster(state as ClusterState, [hsm('1', A)]) }))).toBe(expected);
  });

  test.each(REQUEST_TYPES)('%s on a state that is not known: refused by name', (type) => {
    expect(() => plan(type, { cluster: cluster('NEW_STATE') })).toThrow(/is in state NEW_STATE/);
  });

  test.each<[Type, string]>([['Create', 'ClusterNotActive'], ['Update', 'ClusterNotActive'], ['Delete', 'done']])('%s on a cluster that is gone: %s', (type, expected) => {
    expect(gist(() => plan(type, { cluster: undefined }))).toBe(expected);
  });

  test.each<[Type, string]>([['Create', 'ClusterPaused'], ['Update', 'ClusterPaused'], ['Delete', 'done']])('%s on a cluster that is paused: %s', (type, expected) => {
    expect(gist(() => plan(type, { cluster: cluster('ACTIVE') }))).toBe(expected);
  });
});

const HSM_EXPECTED: Record<typeof HSM_STATES[number], { Create: string; Update: string; Delete: string }> = {
  CREATE_IN_PROGRESS: { Create: 'wait', Update: 'wait', Delete: 'wait' },
  ACTIVE: { Create: 'intended', Update: 'ensure-user', Delete: 'delete-user' },
  DEGRADED: { Create: 'wait', Update: 'wait', Delete: 'wait' },
  DELETE_IN_PROGRESS: { Create: 'wait', Update: 'wait', Delete: 'wait' },
  DELETED: { Create: 'intended', Update: 'ensure-user', Delete: 'delete-user' },
};

describe('by the state of one of two HSMs', () => {
  test.each(HSM_STATES.flatMap((state) => REQUEST_TYPES.map((type): [Type, string, string] => [type, state, HSM_EXPECTED[state][type]])))(
    '%s, %s: %s', (type, state, expected) => {
      expect(gist(() => plan(type, { cluster: cluster('ACTIVE', [hsm('1', A), hsm('2', B, state as HsmState)]) }))).toBe(expected);
    });

  test('while one joins, which takes a quarter of an hour, nobody looks every few seconds', () => {
    expect(plan('Create', { cluster: cluster('ACTIVE', [hsm('1', A), hsm('2', B, 'CREATE_IN_PROGRESS')]) })).toMatchObject({ kind: 'wait', seconds: LATER });
  });

  test.each([[30 * MINUTE, 'wait'], [30 * MINUTE + 1, 'ClusterNotQuiet']])('%d ms after it began to join: %s', (after, expected) => {
    expect(gist(() => plan('Create', { cluster: cluster('ACTIVE', [hsm('1', A), hsm('2', B, 'CREATE_IN_PROGRESS')]) }, { quietAwaitedSince: NOW }, NOW + after))).toBe(expected);
  });
});

describe('whether a user may exist', () => {
  const mayExist = (type: Type, observed: Partial<ObservedUser>, memory: UserMemory = {}, adopt = 'false') => {
    const step = plan(type, observed, memory, NOW, { Adopt: adopt });
    return step.kind === 'act' && step.acts[0].kind === 'send-command' ? step.acts[0].command.parameters.MayExist : step;
  };

  test('no, when nobody wrote him down before this request', () => {
    expect(plan('Create')).toMatchObject({ acts: [{ kind: 'record', record: record('intended') }], memory: { recorded: true, mayExist: false } });
    expect(mayExist('Create', { record: record('intended') }, { recorded: true, mayExist: false })).toBe('false');
  });

  test('yes, when told to adopt', () => {
    expect(mayExist('Create', { record: record('intended') }, { recorded: true, mayExist: false }, 'true')).toBe('true');
  });

  test('yes, on an Update of one of ours', () => {
    expect(mayExist('Update', {})).toBe('true');
    expect(mayExist('Update', { record: record('adopted') })).toBe('true');
  });

  test('no, when another resource wrote him down', () => {
    expect(gist(() => plan('Create', { record: record('made', 'another') }))).toBe('intended');
  });
});

describe('what is written down after the script', () => {
  const after = (result: string, how: UserRecord['how'], type: Type = 'Create') =>
    plan(type, { record: record(how) }, { recorded: true, mayExist: false, result });

  test.each<[string, UserRecord['how'], string]>([
    ['created', 'intended', 'made'], ['unchanged', 'intended', 'adopted'], ['updated', 'intended', 'adopted'], ['updated', 'made', 'done'], ['unchanged', 'adopted', 'done'],
    ['created', 'adopted', 'made'],
  ])('%s a user who was %s: %s', (result, how, expected) => {
    expect(gist(() => after(result, how))).toBe(expected);
  });

  test('names the user in lower case, as the HSM does', () => {
    expect(after('updated', 'made', 'Update')).toMatchObject({ kind: 'done', attributes: { UserName: 'app', ClusterId: CLUSTER_ID } });
  });

  test('is written down also when an HSM begins to join meanwhile', () => {
    const joining = cluster('ACTIVE', [hsm('1', A), hsm('2', B, 'CREATE_IN_PROGRESS')]);

    expect(gist(() => plan('Create', { cluster: joining, record: record('intended') }, { recorded: true, mayExist: false, result: 'created' }))).toBe('made');
  });
});

describe('a failure', () => {
  test.each<[Type, UserRecord['how'], string]>([
    ['Create', 'intended', 'forget'], ['Create', 'made', 'LoginRefused'], ['Update', 'made', 'LoginRefused'], ['Update', 'adopted', 'LoginRefused'],
  ])('of a %s of a user who was %s: %s', (type, how, expected) => {
    expect(gist(() => plan(type, { record: record(how) }, { failure: FAILURE }))).toBe(expected);
  });

  test('forgets nothing of another resource', () => {
    expect(plan('Create', { record: record('intended', 'another') }, { failure: FAILURE })).toEqual({ kind: 'fail', ...FAILURE });
  });
});

describe('a Delete', () => {
  test.each<[string, UserRecord | undefined, string]>([
    ['made', record('made'), 'delete-user'], ['intended only', record('intended'), 'forget'], ['adopted', record('adopted'), 'forget'],
    ['made by another resource', record('made', 'another'), 'done'], ['never written down', undefined, 'done'],
  ])('of a user who was %s: %s', (_, given, expected) => {
    expect(gist(() => plan('Delete', { record: given }))).toBe(expected);
  });

  test('ends when he is forgotten, whether he went or the HSM kept him', () => {
    expect(gist(() => plan('Delete', {}, { result: 'kept' }))).toBe('forget');
    expect(gist(() => plan('Delete', {}, { result: 'kept', forgotten: true }))).toBe('done');
  });
});

describe('the edge', () => {
  const RECORD = `/cdk-cloudhsm/${CLUSTER_ID}/users/app`;

  test('writes down and forgets under the name in lower case', async () => {
    const aws = fakeAws();
    const request = newRequest('Create', USER_TYPE, PROPERTIES);

    await user.act(aws, [{ kind: 'record', record: record('made') }], request, {}, NOW);
    expect(aws.parameters.values.get(RECORD)).toBe(JSON.stringify(record('made')));

    await user.act(aws, [{ kind: 'forget' }], request, {}, NOW);
    expect(aws.parameters.values.size).toBe(0);
  });

  test('observes cluster, record and command', async () => {
    const aws = fakeAws(
      { cloudHsm: { describe: async () => ({ cluster: QUIET, certificates: {} }) }, commands: { adminClient: async () => ({}) } },
      new FakeParameters({ [RECORD]: JSON.stringify(record('made')) }),
    );

    expect(await user.observe(aws, newRequest('Update', USER_TYPE, PROPERTIES), {}, NOW)).toMatchObject({ cluster: QUIET, record: record('made'), command: { client: {} } });
  });

  test.each([['ClusterChanged', { ClusterId: 'cluster-aaaaaaaaaaa' }], ['UserRenamed', { UserName: 'other' }]])('refuses %s before any call', async (code, change) => {
    const aws = fakeAws();
    const made = newRequest('Create', USER_TYPE, PROPERTIES);
    const physicalId = user.physicalId(made);

    const { outcome } = await reconcile(aws, user, newExecution(newRequest('Update', USER_TYPE, { ...PROPERTIES, ...change }, { physicalId })), NOW);

    expect(outcome).toMatchObject({ status: 'FAILED', physicalId, reason: expect.stringMatching(`^${code}: `) });
    expect(aws.calls).toEqual([]);
  });

  test('takes another spelling for the same user', () => {
    const physicalId = user.physicalId(newRequest('Create', USER_TYPE, PROPERTIES));

    expect(user.refuse?.(newRequest('Update', USER_TYPE, { ...PROPERTIES, UserName: 'aPP' }, { physicalId }))).toBeUndefined();
  });
});
