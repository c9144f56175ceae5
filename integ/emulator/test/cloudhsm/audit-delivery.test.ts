import { ADMIN, labAt } from './lab';
import type { Lab } from './lab';
import { neighbours } from './neighbours';
import { logs } from '../../src/services/logs/service';

/** Beside the emulated CloudWatch Logs, which has rules of its own. */
let lab: Lab;
let clusterId: string;

const KEY_LIST = ['key', 'list', '--max-items', '1'];

beforeEach(async () => {
  ({ lab, clusterId } = await labAt('active', { beside: [...neighbours.filter(({ name }) => name !== 'logs'), logs] }));
});

afterEach(() => {
  jest.restoreAllMocks();
  lab.stop();
});

function opcodes(): string[] {
  const [{ HsmId }] = lab.cluster(clusterId).Hsms;
  const { events } = lab.call<{ events: Array<{ message: string }> }>('logs', 'GetLogEvents', { logGroupName: `/aws/cloudhsm/${clusterId}`, logStreamName: HsmId });
  return events.map(({ message }) => /Opcode : (\S+)/.exec(message)![1]);
}

test('a good login is not refused by a host on which milliseconds pass between the events of its log', () => {
  let host = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => host++);

  const { error_code: code, exitCode } = lab.cli(clusterId, KEY_LIST, { as: ADMIN });

  expect([code, exitCode]).toEqual([0, 0]);
  expect(opcodes()).toEqual(['CN_LOGIN', 'CN_LOGOUT']);
});

test('a log that does not take the events undoes nothing on the HSM, and the timeline says so', () => {
  lab.kernel.faults.add({ service: 'logs', operation: 'PutLogEvents', kind: 'error', params: { code: 'ServiceUnavailableException' } });

  expect(lab.cli(clusterId, ['user', 'create', '--username', 'app', '--role', 'crypto-user', '--password', 'AppPassword1'], { as: ADMIN }).error_code).toBe(0);

  expect(lab.cli(clusterId, KEY_LIST, { as: ['crypto-user', 'app:AppPassword1'] }).error_code).toBe(0);
  expect(lab.timeline().filter((line) => line.startsWith('AUDIT_LOG_REFUSED ServiceUnavailableException'))).toHaveLength(1);
});
