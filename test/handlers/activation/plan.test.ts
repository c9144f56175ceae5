import { activation } from '../../../src/handlers/activation/activation';
import { planActivation } from '../../../src/handlers/activation/plan';
import type { ActivationMemory, ObservedActivation } from '../../../src/handlers/activation/plan';
import { reconcile } from '../../../src/handlers/engine/reconcile';
import { ACTIVATION_TYPE } from '../../../src/lifecycle/activation-contract';
import { fakeAws, serviceError } from '../_helpers/aws';
import type { ClusterState } from '../_helpers/cluster';
import { A, ADOPTED, cluster, CLUSTER_STATES, hsm, MADE_ELSEWHERE, MADE_HERE } from '../_helpers/cluster';
import { CLUSTER_ID, MINUTE, newExecution, newRequest, NOW, REQUEST_TYPES } from '../_helpers/request';

type Type = typeof REQUEST_TYPES[number];

const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:';
const PROPERTIES = {
  ServiceToken: '', ServiceTimeout: '3480', StateMachineArn: '', ClusterId: CLUSTER_ID, AdminClientGroupName: 'AdminGroup',
  TrustAnchorParameterName: `/cdk-cloudhsm/${CLUSTER_ID}/trust-anchor`, AdminSecretArn: `${ARN}admin`, SealedAdminSecretArn: `${ARN}sealed`, AuthorityKeyArn: 'arn:key',
  ActivateDocumentName: 'Activate', VerifyAdminDocumentName: 'VerifyAdmin', ChangeAdminPasswordDocumentName: 'ChangeAdminPassword',
};

interface Given extends Partial<ObservedActivation> {
  readonly memory?: ActivationMemory;
  readonly former?: string;
  readonly now?: number;
}

const plan = (type: Type, { memory = {}, former, now = NOW, ...observed }: Given = {}) => planActivation(
  newRequest(type, ACTIVATION_TYPE, PROPERTIES, former ? { oldProperties: { ...PROPERTIES, AdminSecretArn: former } } : {}), PROPERTIES,
  {
    cluster: cluster('INITIALIZED', [hsm('1', A)]), origin: MADE_HERE,
    command: { groupName: 'AdminGroup', client: { instanceId: 'i-1', agentStatus: 'Online' }, refusedVersions: [] }, ...observed,
  }, memory, now,
);

const gist = (run: () => ReturnType<typeof plan>): string => {
  const step = run();
  if (step.kind === 'act') return step.acts.map((one) => (one.kind === 'send-command' ? one.command.name : one.kind)).join();
  return step.kind === 'fail' ? step.code : step.kind;
};

const EXPECTED: Record<typeof CLUSTER_STATES[number], { Create: string; Update: string }> = {
  CREATE_IN_PROGRESS: { Create: 'wait', Update: 'wait' },
  UNINITIALIZED: { Create: 'ClusterNotInitialized', Update: 'ClusterNotInitialized' },
  INITIALIZE_IN_PROGRESS: { Create: 'wait', Update: 'wait' },
  INITIALIZED: { Create: 'activate', Update: 'activate' },
  ACTIVE: { Create: 'verify-admin', Update: 'done' },
  DEGRADED: { Create: 'verify-admin', Update: 'done' },
  UPDATE_IN_PROGRESS: { Create: 'wait', Update: 'wait' },
  MODIFY_IN_PROGRESS: { Create: 'wait', Update: 'wait' },
  ROLLBACK_IN_PROGRESS: { Create: 'wait', Update: 'wait' },
  DELETE_IN_PROGRESS: { Create: 'ClusterGone', Update: 'ClusterGone' },
  DELETED: { Create: 'ClusterGone', Update: 'ClusterGone' },
};

beforeEach(() => {
  jest.spyOn(console, 'log').mockImplementation(() => {});
});

describe('a cluster that was adopted', () => {
  test.each(CLUSTER_STATES.flatMap((state) => REQUEST_TYPES.map((type): [Type, string, string] => [type, state, type === 'Delete' ? 'done' : EXPECTED[state][type]])))(
    '%s on %s: %s', (type, state, expected) => {
      expect(gist(() => plan(type, { cluster: cluster(state as ClusterState, [hsm('1', A)]), origin: ADOPTED }))).toBe(expected);
    });

  test.each<Type>(['Create', 'Update'])('%s on a state that is not known: refused by name', (type) => {
    expect(() => plan(type, { cluster: cluster('NEW_STATE') })).toThrow(/is in state NEW_STATE/);
  });

  test('Delete asks nothing of a cluster in whatever state', () => {
    expect(gist(() => plan('Delete', { cluster: cluster('NEW_STATE') }))).toBe('done');
    expect(gist(() => plan('Delete', { cluster: undefined }))).toBe('done');
  });
});

describe('an ACTIVE cluster on a Create', () => {
  const active = cluster('ACTIVE', [hsm('1', A)]);

  test.each([
    ['made here, by a Create that failed', MADE_HERE, 'activate'], ['adopted', ADOPTED, 'verify-admin'], ['made elsewhere', MADE_ELSEWHERE, 'verify-admin'],
    ['never written down', undefined, 'verify-admin'],
  ])('that was %s', (_, origin, expected) => {
    expect(gist(() => plan('Create', { cluster: active, origin: origin as typeof MADE_HERE }))).toBe(expected);
  });

  test('that became so while its script was running is not given a second script', () => {
    const memory = { command: { name: 'activate', token: 't', instanceId: 'i-1', at: NOW, attempt: 1, commandId: 'c-1' } };
    const running = { groupName: 'AdminGroup', client: {}, refusedVersions: [], commandId: 'c-1', result: { commandId: 'c-1', status: 'InProgress', output: '', errorOutput: '' } };

    expect(gist(() => plan('Create', { cluster: active, origin: undefined, memory, command: running }))).toBe('wait');
  });
});

describe('the script of an activation', () => {
  const memory = { command: { name: 'activate', token: 't', instanceId: 'i-1', at: NOW, attempt: 1, commandId: 'c-1' } };
  const command = {
    groupName: 'AdminGroup', client: {}, refusedVersions: [], commandId: 'c-1', result: { commandId: 'c-1', status: 'Success', output: '{"result":"activated"}', errorOutput: '' },
  };

  test('gets ids and ARNs only', () => {
    expect(plan('Create')).toMatchObject({
      kind: 'act',
      acts: [{
        command: {
          documentName: 'Activate',
          parameters: {
            ClusterId: CLUSTER_ID, TrustAnchorParameter: PROPERTIES.TrustAnchorParameterName, AdminSecretArn: `${ARN}admin`,
            SealedAdminSecretArn: `${ARN}sealed`, RefusedVersions: 'none',
          },
        },
      }],
    });
  });

  test('having ended, is followed by waiting until CloudHSM notices', () => {
    expect(plan('Create', { memory, command })).toMatchObject({ kind: 'wait', seconds: 5, memory: { verified: true, activatedAt: NOW } });
  });

  test.each([[15 * MINUTE, 'wait'], [15 * MINUTE + 1, 'ActivationNotNoticed']])('%d ms after CloudHSM has noticed nothing: %s', (after, expected) => {
    expect(gist(() => plan('Create', { memory: { verified: true, activatedAt: NOW }, now: NOW + after }))).toBe(expected);
  });

  test('and CloudHSM\'s ACTIVE are followed by the sealing, once', () => {
    const active = cluster('ACTIVE', [hsm('1', A)]);

    expect(gist(() => plan('Create', { cluster: active, memory: { verified: true } }))).toBe('seal');
    expect(plan('Create', { cluster: active, memory: { verified: true, sealed: true } })).toMatchObject({ kind: 'done', attributes: { ClusterId: CLUSTER_ID } });
  });
});

describe('an Update of an ACTIVE cluster', () => {
  const active = { cluster: cluster('ACTIVE', [hsm('1', A)]) };

  test('with the same secret does nothing', () => {
    expect(gist(() => plan('Update', { ...active, former: `${ARN}admin` }))).toBe('done');
  });

  test('with another secret changes the password with the former one', () => {
    expect(plan('Update', { ...active, former: `${ARN}former` })).toMatchObject({
      acts: [{
        command: {
          name: 'change-admin-password', documentName: 'ChangeAdminPassword', parameters: { AdminSecretArn: `${ARN}admin`, FormerAdminSecretArn: `${ARN}former` },
        },
      }],
    });
  });

  test('seals nothing', () => {
    expect(gist(() => plan('Update', { ...active, former: `${ARN}former`, memory: { verified: true } }))).toBe('done');
  });

  describe('whose change of secret failed', () => {
    const failedChange = { former: `${ARN}admin`, wanted: `${ARN}former` };

    test('is rolled back without a login: both secrets were refused', () => {
      expect(gist(() => plan('Update', { ...active, former: `${ARN}former`, failedChange }))).toBe('done');
    });

    test('is changed by login when the same change is deployed again', () => {
      const again = { former: `${ARN}former`, wanted: `${ARN}admin` };

      expect(gist(() => plan('Update', { ...active, former: `${ARN}former`, failedChange: again }))).toBe('change-admin-password');
    });

    test('forgets that when a change succeeds', () => {
      const other = { former: `${ARN}other`, wanted: `${ARN}admin` };

      expect(gist(() => plan('Update', { ...active, former: `${ARN}former`, failedChange: other, memory: { verified: true } }))).toBe('forget-failed-change');
    });

    test('notes the refused login first, then fails in its words', () => {
      const command = { name: 'change-admin-password', token: 't', instanceId: 'i-1', at: NOW, attempt: 1, commandId: 'c' };
      const result = { commandId: 'c', status: 'Failed', output: '', errorOutput: 'cloudhsm-error LoginRefused no secret logs in' };
      const given = {
        ...active, former: `${ARN}former`, memory: { command },
        command: { groupName: 'AdminGroup', client: {}, commandId: 'c', result, refusedVersions: [] },
      };

      const noting = plan('Update', given);

      expect(noting).toMatchObject({ acts: [{ kind: 'note-failed-change', change: { former: `${ARN}former`, wanted: `${ARN}admin` } }] });
      expect(plan('Update', { ...given, memory: noting.kind === 'act' ? noting.memory : {} })).toEqual(
        { kind: 'fail', code: 'LoginRefused', message: 'no secret logs in' });
    });
  });
});

describe('the edge', () => {
  const request = newRequest('Create', ACTIVATION_TYPE, PROPERTIES);
  const seal = async (properties: Partial<typeof PROPERTIES>, disable: () => Promise<void> = async () => {}) => {
    const aws = fakeAws({ secrets: { seal: async () => {} }, keys: { disable } });
    const memory = await activation.act(aws, [{ kind: 'seal' }], { ...request, properties: { ...PROPERTIES, ...properties } }, {}, NOW);
    return { calls: aws.calls.map(({ name, input }) => [name, ...input]), memory };
  };

  test('seals the secret and disables the key', async () => {
    expect(await seal({})).toEqual({ calls: [['secrets.seal', `${ARN}sealed`], ['keys.disable', 'arn:key']], memory: { sealed: true } });
  });

  test('seals only what there is', async () => {
    expect(await seal({ SealedAdminSecretArn: '', AuthorityKeyArn: '' })).toEqual({ calls: [], memory: { sealed: true } });
  });

  test('takes a key that is to be deleted for disabled', async () => {
    expect(await seal({}, () => Promise.reject(serviceError('KMSInvalidStateException', 'pending deletion')))).toMatchObject({ memory: { sealed: true } });
  });

  test('leaves another cluster\'s resource alone, before any call', async () => {
    const aws = fakeAws();
    const moved = newRequest('Update', ACTIVATION_TYPE, { ...PROPERTIES, ClusterId: 'cluster-aaaaaaaaaaa' });

    const { outcome } = await reconcile(aws, activation, newExecution(moved), NOW);

    expect(outcome).toMatchObject({ status: 'FAILED', physicalId: moved.physicalId, reason: expect.stringMatching(/^ClusterChanged: .* belongs to cluster-igklspoyj5v/) });
    expect(aws.calls).toEqual([]);
  });
});

describe('a cluster that was made from a backup', () => {
  const FROM_BACKUP = { ...PROPERTIES, SealedAdminSecretArn: '', BackupAdminSecretArn: `${ARN}backup`, BackupAdminSecretVersions: 'v-of-that-day' };
  const step = (type: Type) => planActivation(newRequest(type, ACTIVATION_TYPE, FROM_BACKUP, { oldProperties: FROM_BACKUP }), FROM_BACKUP, {
    cluster: cluster('ACTIVE', [hsm('1', A)]), origin: MADE_HERE,
    command: { groupName: 'AdminGroup', client: { instanceId: 'i-1', agentStatus: 'Online' }, refusedVersions: [] },
  }, {}, NOW);

  test('has the password of its day changed to its own', () => {
    expect(step('Create')).toMatchObject({
      acts: [{
        kind: 'send-command', command: {
          name: 'change-admin-password', parameters: { AdminSecretArn: `${ARN}admin`, FormerAdminSecretArn: `${ARN}backup`, FormerAdminSecretVersions: 'v-of-that-day' },
        },
      }],
    });
  });

  test('is left alone afterwards', () => {
    expect(step('Update')).toMatchObject({ kind: 'done' });
  });
});
