/**
 * Permissions that are listed in `iam-exact.reasons.ts` because something else than a deploy, growth and a destroy needs them, taken away one by one: that
 * something must then fail for want of them.
 *
 * Run: npm run removals [-- --only kms:PutKeyPolicy]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { Duration, Stack, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import { keyStoreApp } from '../apps/key-store';
import type { KeyStoreAppOptions } from '../apps/key-store';
import { failingSibling } from '../apps/sibling';
import { beginWith } from '../cases/_harness/beginning';
import type { Build, Offline } from '../cases/_harness/offline';
import { deployWithout } from '../cases/_harness/removals';
import type { Change } from '../cases/_harness/removals';
import type { CustomKeyStoreKeyOptions } from 'cdk-cloudhsm';
import type { FaultSpec } from 'cloudhsm-emulator';

process.env.CDK_VALIDATION ??= 'false';

const REGION = 'eu-west-1';
const ROLE = 'CloudHsmLifecycleRole';

function app(options: KeyStoreAppOptions = {}, key: CustomKeyStoreKeyOptions = {}): Build {
  return keyStoreApp({ ...options, keys: { Key: { alias: 'orders', pendingWindow: Duration.days(7), ...key } } });
}

const policy = () => new iam.PolicyDocument({
  statements: [new iam.PolicyStatement({ sid: 'Mine', principals: [new iam.AccountRootPrincipal()], actions: ['kms:*'], resources: ['*'] })],
});
const tagged = app({ and: (stack) => Tags.of(stack).add('team', 'payments') });
/** The key is of the stack of the network, which is there before. */
const withLogKey: Build = (built) => keyStoreApp({
  keys: { Key: { alias: 'orders', pendingWindow: Duration.days(7) } },
  cluster: { auditLogEncryptionKey: new kms.Key(new Stack(built, 'LogKey'), 'Key') },
})(built);
const another: KeyStoreAppOptions = { and: (_, store) => store.addKey('Another', { alias: 'invoices' }) };

interface Removal {
  readonly action: string;
  readonly beside?: string;
  /** What the stack is before; the app as it began where that is not said. */
  readonly base?: Build;
  readonly step: Build;
  readonly between?: Change['between'];
  readonly fault?: FaultSpec;
}

/** The deletion of the store's key, by somebody who may. */
async function scheduleDeletion({ client }: Offline): Promise<void> {
  const caller = new KMSClient(client);
  const { KeyMetadata } = await caller.send(new DescribeKeyCommand({ KeyId: 'alias/orders' }));
  await caller.send(new ScheduleKeyDeletionCommand({ KeyId: KeyMetadata!.KeyId, PendingWindowInDays: 7 }));
}

const REMOVALS: readonly Removal[] = [
  { action: 'logs:PutRetentionPolicy', step: app({ cluster: { auditLogRetention: logs.RetentionDays.ONE_YEAR } }) },
  { action: 'logs:AssociateKmsKey', step: withLogKey },
  { action: 'logs:DisassociateKmsKey', base: withLogKey, step: app() },
  { action: 'kms:CancelKeyDeletion', between: scheduleDeletion, step: app({}, { description: 'Invoices' }) },
  { action: 'states:StopExecution', step: app({ cluster: { hsmCount: 3 }, and: failingSibling(60) }) },
  { action: 'kms:UpdateCustomKeyStore', step: app({ store: { customKeyStoreName: 'invoices' } }) },
  { action: 'kms:UpdateKeyDescription', step: app({}, { description: 'Invoices' }) },
  { action: 'kms:PutKeyPolicy', step: app({}, { policy: policy() }) },
  { action: 'kms:DisableKey', beside: 'kms:PutKeyPolicy', step: app({}, { enabled: false }) },
  { action: 'kms:EnableKey', beside: 'kms:PutKeyPolicy', base: app({}, { enabled: false }), step: app() },
  { action: 'kms:TagResource', beside: 'kms:PutKeyPolicy', step: tagged },
  { action: 'kms:UntagResource', base: tagged, step: app() },
  { action: 'kms:ListResourceTags', step: app(another), fault: { service: 'kms', operation: 'CreateKey', kind: 'lost-answer' } },
  {
    action: 'ssm:ListCommands',
    step: app({
      on: (_, cluster) => {
        cluster.addCryptoUser('Late', { userName: 'late' });
        return cluster;
      },
    }),
    fault: { service: 'ssm', operation: 'SendCommand', kind: 'lost-answer' },
  },
];

async function main(args: readonly string[]): Promise<number> {
  const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : undefined;
  const chosen = REMOVALS.filter(({ action }) => only === undefined || action === only);
  if (chosen.length === 0) throw new Error(`--only takes one of ${REMOVALS.map(({ action }) => action).join(', ')}, got ${only}`);
  process.env.CASES_SHARED_FOLDER = mkdtempSync(join(tmpdir(), 'cloudhsm-removals-'));
  let unnoticed = 0;
  try {
    for (const { action, beside, base = app(), step, between, fault } of chosen) {
      const startedAt = performance.now();
      const offline = await beginWith({ name: 'with-a-key-store', region: REGION, build: app() });
      try {
        if (fault) offline.emulator.addFault(fault);
        const { status, why, refusals } = await deployWithout(offline, { base, step, between }, { role: ROLE, actions: [action], beside });
        if (refusals.length === 0) unnoticed += 1;
        const hostSeconds = Math.round(performance.now() - startedAt) / 1000;
        console.log(JSON.stringify({ action, status, refused: refusals.length, add: refusals[0]?.add, why, hostSeconds }));
      } finally {
        await offline.stop();
      }
    }
  } finally {
    rmSync(process.env.CASES_SHARED_FOLDER, { recursive: true, force: true });
  }
  console.log(JSON.stringify({ removed: chosen.length, unnoticed }));
  return unnoticed === 0 ? 0 : 1;
}

void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
});
