import { Aspects, Duration, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnPolicy } from 'aws-cdk-lib/aws-iam';
import { grantsOf } from './_harness/grants';
import { DAY } from './_harness/key-stores';
import { Offline } from './_harness/offline';
import type { Build } from './_harness/offline';
import { REASONS } from './iam-exact.reasons';
import { keyStoreApp } from '../apps/key-store';
import { quickStart } from '../apps/quick-start';

let offline: Offline;

afterEach(() => offline.stop());

const LIFECYCLE = /^(CloudHsmLifecycle|ClusterAdminClient)/;

test('over a deploy, a key store, growth and a destroy every action that is granted was the only support of some decision, or has its reason', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  const app = (hsmCount: number) => keyStoreApp({
    cluster: { hsmCount, removalPolicy: RemovalPolicy.DESTROY }, keys: { Key: { alias: 'orders', pendingWindow: Duration.days(7) } },
  });
  await offline.mustDeploy(app(2));
  const { denied } = await offline.mustDeploy(app(3));
  expect(denied).toEqual([]);
  // Once to have the key deleted, and once more when it is gone.
  await offline.cdk(app(3), ['destroy', 'Hsm', '--force']);
  await offline.emulator.advance(8 * DAY);
  expect((await offline.cdk(app(3), ['destroy', 'Hsm', '--force'])).exitCode).toBe(0);

  const granted = grantsOf(offline.emulator).filter(({ role }) => LIFECYCLE.test(role));
  const idle = new Set(granted.filter(({ needed }) => needed === 0).map(({ role, action }) => `${role} | ${action}`));

  expect(granted.length).toBeGreaterThan(100);
  expect([...idle].filter((pair) => !(pair in REASONS))).toEqual([]);
});

/** The app with an action taken out of every policy that a stack makes. */
function without(build: Build, action: string): Build {
  return (app: App) => {
    build(app);
    Aspects.of(app).add({
      visit: (node) => {
        if (!(node instanceof CfnManagedPolicy) && !(node instanceof CfnPolicy)) return;
        const original: unknown = node.policyDocument;
        node.policyDocument = Lazy.any({ produce: () => stripped(Stack.of(node).resolve(original) as PolicyText, action) });
      },
    });
  };
}

interface PolicyText {
  readonly Statement: ReadonlyArray<{ readonly Action: string | readonly string[] }>;
}

function stripped(document: PolicyText, action: string): PolicyText {
  const kept = document.Statement.map((statement) => ({ ...statement, Action: [statement.Action].flat().filter((each) => each !== action) }));
  return { ...document, Statement: kept.filter(({ Action }) => Action.length > 0) };
}

test.each([['cloudhsm:CreateHsm'], ['kms:Sign'], ['ssm:PutParameter']])('without %s the deploy fails, and the report says what to add', async (action) => {
  offline = await Offline.start({ region: 'eu-west-1' });

  const { exitCode, output } = await offline.deploy(without(quickStart(), action));

  const refusals = offline.report().denied;
  expect(exitCode).not.toBe(0);
  expect(output).toMatch(/ROLLBACK/);
  expect(refusals.map((refusal) => refusal.add?.Action)).toContain(action);
  expect(refusals.find((refusal) => refusal.action === action)!.text).toMatch(new RegExp(
    `^User: arn:aws:sts::\\d{12}:assumed-role/\\S+ is not authorized to perform: ${action} on resource: \\S+ because no identity-based policy allows the ${action} action$`));
});
