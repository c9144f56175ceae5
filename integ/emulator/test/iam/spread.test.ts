import { Iam, policy, TRUST } from './iam';
import { roleSession } from '../_helpers/world';

let world: Iam;

beforeEach(() => {
  world = new Iam({ variants: ['iam/spread=default'] });
});

afterEach(() => world.stop());

/** Longer than any change takes by the row `spread`. */
const SPREAD_MS = 5_000;

const LIST_ROLES = policy({ Effect: 'Allow', Action: 'iam:ListRoles', Resource: '*' });

const app = roleSession('app');

function mayListRoles(): boolean {
  try {
    world.call('iam', 'ListRoles', {}, app);
    return true;
  } catch (error) {
    expect((error as { code: string }).code).toBe('AccessDenied');
    return false;
  }
}

/** Before anything has spread, halfway through the shortest time, and after the longest. */
async function over(): Promise<[boolean, boolean, boolean]> {
  const at = mayListRoles();
  await world.advance(1_500);
  const soon = mayListRoles();
  await world.advance(SPREAD_MS);
  return [at, soon, mayListRoles()];
}

describe('what is answered at once is obeyed some seconds later', () => {
  beforeEach(async () => {
    world.role('app');
    await world.advance(SPREAD_MS);
  });

  test('a policy of the role itself: put, replaced, deleted', async () => {
    world.iam('PutRolePolicy', { RoleName: 'app', PolicyName: 'may', PolicyDocument: LIST_ROLES });
    expect(await over()).toEqual([false, false, true]);

    world.iam('PutRolePolicy', { RoleName: 'app', PolicyName: 'may', PolicyDocument: policy() });
    expect(await over()).toEqual([true, true, false]);

    world.iam('PutRolePolicy', { RoleName: 'app', PolicyName: 'may', PolicyDocument: LIST_ROLES });
    await world.advance(SPREAD_MS);
    world.iam('DeleteRolePolicy', { RoleName: 'app', PolicyName: 'may' });
    expect(await over()).toEqual([true, true, false]);
  });

  test('a managed policy: attached, given another version, detached', async () => {
    const PolicyArn = world.policy('lists', LIST_ROLES);
    world.iam('AttachRolePolicy', { RoleName: 'app', PolicyArn });
    expect(await over()).toEqual([false, false, true]);

    world.iam('CreatePolicyVersion', { PolicyArn, PolicyDocument: policy(), SetAsDefault: true });
    expect(await over()).toEqual([true, true, false]);

    world.iam('SetDefaultPolicyVersion', { PolicyArn, VersionId: 'v1' });
    await world.advance(SPREAD_MS);
    world.iam('DetachRolePolicy', { RoleName: 'app', PolicyArn });
    expect(await over()).toEqual([true, true, false]);
  });

  test('two changes, one after the other, each in its time', async () => {
    world.iam('PutRolePolicy', { RoleName: 'app', PolicyName: 'may', PolicyDocument: LIST_ROLES });
    await world.advance(2_500);
    world.iam('DeleteRolePolicy', { RoleName: 'app', PolicyName: 'may' });
    const seen = new Set<string>();
    for (let step = 0; step < 16; step += 1) {
      seen.add(`${mayListRoles()}`);
      await world.advance(500);
    }

    expect([[...seen], mayListRoles()]).toEqual([['false', 'true'], false]);
  });

  test('reads of IAM itself do not lag', () => {
    world.iam('PutRolePolicy', { RoleName: 'app', PolicyName: 'may', PolicyDocument: LIST_ROLES });

    expect(world.iam('ListRolePolicies', { RoleName: 'app' })).toMatchObject({ PolicyNames: ['may'] });
  });
});

test('a role that was just made is trusted by nobody yet, and one that is gone goes on for a moment', async () => {
  const Arn = world.role('new');
  const trust = (): unknown => world.call<{ policy?: string; isGate?: boolean }>('iam', 'EmulatedGuard', { Arn, Action: 'sts:AssumeRole' });

  const made = trust();
  await world.advance(SPREAD_MS);
  const known = trust();
  world.iam('DeleteRole', { RoleName: 'new' });
  const gone = trust();
  await world.advance(SPREAD_MS);

  expect(made).toEqual({ tags: {}, policy: undefined, isGate: true });
  expect(known).toEqual({ tags: {}, policy: TRUST, isGate: true });
  expect([gone, trust()]).toEqual([known, {}]);
});

test('with the other answer it takes longer, and where asked for no time at all', async () => {
  const slow = new Iam({ variants: ['iam/spread=other'] });
  const quick = new Iam({ variants: ['iam/spread=at-once'] });
  const seen: boolean[] = [];
  for (const one of [slow, quick]) {
    one.role('app');
    await one.advance(SPREAD_MS);
    seen.push(one.call<{ Trust?: string }>('iam', 'EmulatedPolicies', { RoleName: 'app' }).Trust !== undefined);
  }
  slow.stop();
  quick.stop();

  expect(seen).toEqual([false, true]);
});
