import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Life } from './life';
import { secretsIn } from '../plans/leaks';

/** What must hold after every step. */
export interface Expected {
  /** HSMs that were asked for, over all clusters. */
  readonly hsms: number;
  readonly isStoreConnected: boolean;
}

/** Users whose logins nobody may have refused. */
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
  return [...await refusedLogins(life), ...await secretsIn(life.offline), ...life.offline.report().denied.map(({ action, principal }) => `${principal} was denied ${action}`)];
}

/** By the audit logs of all clusters that are there. */
async function refusedLogins({ offline, clusters }: Life): Promise<string[]> {
  const client = new CloudWatchLogsClient(offline.client);
  const all = await Promise.all(clusters.map(async ({ clusterId }) => {
    const refused: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await client.send(new FilterLogEventsCommand({ logGroupName: `/aws/cloudhsm/${clusterId}`, limit: 10_000, nextToken }));
      refused.push(...(page.events ?? []).map(({ message = '' }) => message).filter((message) => /CN_LOGIN/.test(message) && !/SUCCESS/.test(message)));
      nextToken = page.nextToken;
    } while (nextToken);
    return refused.filter((message) => USERS.some((name) => message.includes(name)));
  }));
  return all.flat().map((message) => `a login was refused: ${message}`);
}
