import type { RotationSettings } from '../../lifecycle/rotation-contract';
import { forgetRefusal } from '../client-command/command';
import type { ClientCommand } from '../client-command/plan';
import { Failure } from '../engine/failure';
import { LATER } from '../engine/step';
import { unquiet } from '../quiet';
import type { RotationAws } from './aws';
import { BEGIN_BEFORE_END_MS } from './clock';
import type { Clock } from './clock';
import { keptLabel, planKeeping } from './kept-passwords';
import { ALTERNATE, CURRENT, PENDING } from './labels';
import { runScript } from './script';
import { underLease } from './under-lease';

/** What Secrets Manager says to a rotation function. */
export interface RotationEvent {
  readonly Step: 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';
  readonly SecretId: string;
  /** Id of the new version; the same in all steps and all tries of a rotation. */
  readonly ClientRequestToken: string;
}

/**
 * One step of a rotation. Each may be repeated: the version's value is made once, the script finds out which of the two passwords is set, and a label that
 * is where it belongs is left there.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
export async function rotate(aws: RotationAws, settings: RotationSettings, event: RotationEvent, invocation: string, clock: Clock): Promise<void> {
  const { SecretArn } = settings;
  const token = event.ClientRequestToken;
  const labels = await aws.secretVersions.labels(SecretArn);
  if (labels.get(token)?.includes(CURRENT)) return;
  if (!labels.get(token)?.includes(PENDING)) {
    throw new Failure('VersionNotPending', `version ${token} of ${SecretArn} is not labelled ${PENDING}: its rotation was given up; rotate again`);
  }
  switch (event.Step) {
    case 'createSecret':
      return createPassword(aws, settings, token, nextUser(settings, labels));
    case 'setSecret':
      return setOnHsms(aws, { ...settings, UserName: nextUser(settings, labels) }, token, labels, invocation, clock);
    case 'testSecret':
      return runScript(aws, settings, commandFor(settings, token, 'test'), token, clock);
    case 'finishSecret':
      return makeCurrent(aws, SecretArn, labels, token);
    default:
      throw new Failure('UnknownStep', `${String(event.Step)} is no step of a rotation`);
  }
}

type Labels = ReadonlyMap<string, readonly string[]>;

async function makeCurrent(aws: RotationAws, secretArn: string, labels: Labels, token: string): Promise<void> {
  await aws.secretVersions.moveLabel(secretArn, CURRENT, { from: [...labels].find(([, stages]) => stages.includes(CURRENT))?.[0], to: token });
}

/** Whose password is rotated: of two users the one who is not in use. */
function nextUser({ UserName, AlternateUserName }: RotationSettings, labels: Labels): string {
  if (AlternateUserName === undefined) return UserName;
  const current = [...labels.values()].find((stages) => stages.includes(CURRENT)) ?? [];
  return current.includes(ALTERNATE) ? UserName : AlternateUserName;
}

async function createPassword(aws: RotationAws, settings: RotationSettings, token: string, userName: string): Promise<void> {
  const { SecretArn, Role } = settings;
  if (Role === 'admin') await keepPasswords(aws, settings, token);
  await aws.secretVersions.putPassword(SecretArn, token, userName, [
    PENDING, ...userName === settings.AlternateUserName ? [ALTERNATE] : [], ...Role === 'admin' ? [keptLabel(token)] : [],
  ]);
}

/** Admins have the passwords of the day a backup was made, and only they can get into a cluster made from it. */
async function keepPasswords(aws: RotationAws, { SecretArn, ClusterId }: RotationSettings, token: string): Promise<void> {
  const [versions, backups] = await Promise.all([aws.secretVersions.versions(SecretArn), aws.backups.of(ClusterId)]);
  // One that waits for its deletion can still be restored.
  const times = backups.flatMap(({ state, createdAt }) => (state !== 'DELETED' && createdAt !== undefined ? [createdAt] : []));
  const { keep, release } = planKeeping(versions, times, token);
  // First what is kept: cut off in between, nothing is lost.
  for (const id of keep) await aws.secretVersions.moveLabel(SecretArn, keptLabel(id), { to: id });
  for (const id of release) await aws.secretVersions.moveLabel(SecretArn, keptLabel(id), { from: id });
}

/**
 * Sets the password on all HSMs. One that takes the place of another is current at once: the script has logged in with it, and before the next script, which may
 * log in as that user, Secrets Manager would have two more steps to go. Of two users who take turns the keys are compared first.
 */
async function setOnHsms(
  aws: RotationAws, settings: RotationSettings, token: string, labels: Labels, invocation: string, clock: Clock,
): Promise<void> {
  const { ClusterId, SecretArn, AlternateUserName } = settings;
  await underLease(aws.parameters, { clusterId: ClusterId, resource: `rotation/${SecretArn}/${invocation}`, request: token, since: clock.now() }, clock, async (lease) => {
    await awaitQuiet(aws, ClusterId, clock, lease.renew);
    await runScript(aws, settings, commandFor(settings, token, 'rotate'), token, clock, lease);
    if (AlternateUserName === undefined) await makeCurrent(aws, SecretArn, labels, token);
  });
  await forgetRefusal(aws, ClusterId, token);
}

/** An HSM that joins comes with the users of the moment it was asked for: a password set meanwhile would be missing on it. */
async function awaitQuiet(aws: RotationAws, clusterId: string, clock: Clock, renew: () => Promise<void>): Promise<void> {
  for (;;) {
    const described = await aws.cloudHsm.describe(clusterId);
    if (!described) throw new Failure('ClusterGone', `cluster ${clusterId} does not exist`);
    const busy = unquiet(described.cluster);
    if (!busy) return;
    if (busy === 'none') throw new Failure('ClusterPaused', `cluster ${clusterId} has no HSM; rotate again when it has`);
    if (clock.end - clock.now() < BEGIN_BEFORE_END_MS) {
      throw new Failure('ClusterNotQuiet', `${busy}; passwords are changed only while every HSM of ${clusterId} is ACTIVE: rotate again when it is`);
    }
    await clock.sleep(LATER);
    await renew();
  }
}

function commandFor(settings: RotationSettings, token: string, name: 'rotate' | 'test'): ClientCommand {
  return {
    name: `${name}-password`,
    documentName: name === 'rotate' ? settings.RotateDocumentName : settings.TestDocumentName,
    parameters: {
      ClusterId: settings.ClusterId,
      TrustAnchorParameter: settings.TrustAnchorParameterName,
      ...name === 'test' ? {} : { UserName: settings.UserName },
      ...name === 'rotate' && settings.AdminSecretArn !== undefined ? { AdminSecretArn: settings.AdminSecretArn } : { UserRole: settings.Role },
      UserSecretArn: settings.SecretArn,
      PendingVersion: token,
    },
  };
}
