import { Offline } from './_harness/offline';
import { usersElsewhere } from '../apps/users-elsewhere';
import type { Report } from 'cloudhsm-emulator';

let offline: Offline;

afterEach(() => offline.stop());

interface Span {
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

/** Stretches from an event of a resource to the first that ends it. */
function spans({ timeline }: Report, service: string, resource: RegExp, first: string, last: RegExp): Span[] {
  return timeline.flatMap((event, index) => {
    if (event.service !== service || event.event !== first || !resource.test(event.resource)) return [];
    const end = timeline.slice(index).find((later) => later.service === service && later.resource === event.resource && last.test(later.event));
    return [{ what: event.resource, from: event.at, to: end!.at }];
  });
}

/** One process of the CLI, deploying these stacks and no others. */
async function mustDeploy(hsmCount: number, ...stacks: string[]): Promise<void> {
  const { exitCode, output } = await offline.cdk(
    usersElsewhere(hsmCount, ['first', 'second']), ['deploy', ...stacks, '--exclusively', '--require-approval', 'never', '--progress', 'events']);
  if (exitCode !== 0) throw new Error(`cdk deploy ${stacks.join(' ')} ended with ${exitCode}:\n${output}`);
}

test('one stack adds an HSM while another adds users: no command runs while an HSM is being made, and every user is on every HSM', async () => {
  offline = await Offline.start({ region: 'eu-west-1' });
  await mustDeploy(2, 'Network', 'Hsm');
  const { emulatedSeconds } = offline.report();

  await Promise.all([mustDeploy(3, 'Hsm'), mustDeploy(3, 'Users')]);

  const report = offline.report();
  const created = spans(report, 'cloudhsmv2', /\/hsm-/, 'CREATE_IN_PROGRESS', /^ACTIVE$/).filter(({ from }) => from > emulatedSeconds);
  const commands = spans(report, 'ssm', /\/i-/, 'Pending', /^(Success|Failed|TimedOut|Cancelled)$/).filter(({ from }) => from > emulatedSeconds);
  require('fs').writeFileSync('/tmp/lease.json', JSON.stringify({ emulatedSeconds, created, commands, report }));
  expect(created).toHaveLength(1);
  expect(commands.length).toBeGreaterThanOrEqual(2);
  expect(commands.filter(({ from, to }) => from < created[0].to && to > created[0].from)).toEqual([]);
  expect(report.clusters[0].hsms.map(({ state }) => state)).toEqual(['ACTIVE', 'ACTIVE', 'ACTIVE']);
  const { users } = report.clusters[0];
  expect(users.map(({ username }) => username)).toEqual(expect.arrayContaining(['admin', 'cdk_automation', 'first', 'second']));
  expect(users.filter(({ coverage }) => coverage !== 'full')).toEqual([]);
});
