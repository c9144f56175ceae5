import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import type { Life } from './life';
import { secretsIn } from '../plans/leaks';

/** What must hold after every step. */
export interface Expected {
  /** HSMs that were asked for, over all clusters. */
  readonly hsms: number;
  readonly isStoreConnected: boolean;
}

/** Users who must never be near to being locked. */
const USERS = ['cdk_automation', 'app', 'kmsuser'];

/** What the first day made and every later day must be able to use. */
export interface FirstDay {
  readonly checkValue: string;
  readonly decrypt: () => Promise<string>;
}

/** @returns what does not hold */
export async function problemsOf(life: Life, first: FirstDay, { hsms, isStoreConnected }: Expected): Promise<string[]> {
  const problems: string[] = [];
  const running = life.clusters.flatMap((cluster) => cluster.hsms.filter(({ state }) => state !== 'DELETED'));
  if (running.length !== hsms) problems.push(`${running.length} HSMs run, ${hsms} were asked for`);
  const stores = await life.stores();
  const wanted = `orders: ${isStoreConnected ? 'CONNECTED' : 'DISCONNECTED'}`;
  if (stores.join() !== wanted) problems.push(`key stores: ${stores.join()}, not ${wanted}`);
  if (!isStoreConnected) return problems;
  if (await first.decrypt().catch((error: Error) => error.name) !== 'the first') problems.push('the first ciphertext cannot be decrypted');
  if (life.clusters[0].hsms.length > 0) {
    const checkValue = await life.checkValue().catch((error: Error) => error.message);
    if (checkValue !== first.checkValue) problems.push(`the first key has the check value ${checkValue}, not ${first.checkValue}`);
  }
  return problems;
}

/** What must hold when the year is over, and costs more to look at. */
export async function lastProblemsOf(life: Life): Promise<string[]> {
  // Before the passwords are looked for: that tries to read sealed secrets as well.
  const denied = life.offline.report().denied.map(({ action, principal }) => `${principal} was denied ${action}`);
  return [...denied, ...await nearlyLockedOut(life), ...await secretsIn(life.offline)];
}

/**
 * By the audit logs of all clusters that are there. A cluster that was made of a backup may refuse each of its users once: which password is in the backup
 * only the HSMs can say. Five refusals lock a user.
 */
async function nearlyLockedOut({ offline, clusters }: Life): Promise<string[]> {
  const refusals = new Map<string, number>();
  for (const { clusterId, region } of clusters) {
    const client = new CloudWatchLogsClient(offline.in(region).client);
    const asked = { logGroupName: `/aws/cloudhsm/${clusterId}`, limit: 10_000 };
    for await (const { events = [] } of paginateFilterLogEvents({ client }, asked)) {
      for (const { message = '', logStreamName } of events.filter((event) => /CN_LOGIN/.test(event.message!) && !/SUCCESS/.test(event.message!))) {
        for (const name of USERS.filter((user) => message.includes(user))) {
          const whose = `${name} on ${logStreamName}`;
          refusals.set(whose, (refusals.get(whose) ?? 0) + 1);
        }
      }
    }
  }
  return [...refusals].filter(([, count]) => count > 1).map(([whose, count]) => `${count} logins of ${whose} were refused`);
}
