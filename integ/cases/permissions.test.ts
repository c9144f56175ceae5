import { Aspects, Lazy, Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnPolicy } from 'aws-cdk-lib/aws-iam';
import { Offline } from './_harness/offline';
import type { Build } from './_harness/offline';
import { quickStart } from '../apps/quick-start';

let offline: Offline;

afterEach(() => offline.stop());

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

test.each(['cloudhsm:CreateHsm', 'kms:Sign'])('without %s the deploy fails, and the report says what to add', async (action) => {
  offline = await Offline.start({ region: 'eu-west-1' });

  const { exitCode, output } = await offline.deploy(without(quickStart(), action));

  const refusals = offline.report().denied;
  expect(exitCode).not.toBe(0);
  expect(output).toMatch(/ROLLBACK/);
  expect(refusals.map((refusal) => refusal.add?.Action)).toContain(action);
  expect(refusals.find((refusal) => refusal.action === action)!.text).toMatch(new RegExp(
    `^User: arn:aws:sts::\\d{12}:assumed-role/\\S+ is not authorized to perform: ${action} on resource: \\S+ because no identity-based policy allows the ${action} action$`));
});
