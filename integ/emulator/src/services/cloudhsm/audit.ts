import { serviceLinkedRole } from './dependencies';
import { partitions } from './hsm/partition';
import { text } from './refusals';
import { hsmName, update } from './state';
import type { HsmRecord } from './state';
import type { Context } from '../../wire/operation';
import { ServiceError } from '../../wire/operation';

/** One command in an HSM's audit log. */
export interface AuditEvent {
  readonly opcode: string;
  readonly response?: 'ok' | 'no-user' | 'wrong-password';
  readonly user?: { readonly username: string; readonly role: string };
  readonly key?: { readonly reference: string };
}

/**
 * Appends to the stream of an HSM, in the cluster's log group, as the service-linked role.
 *
 * The HSM has done its work by then: a log that does not take the events loses them, and undoes nothing.
 */
export function writeAudit(context: Context, hsm: Pick<HsmRecord, 'hsmId' | 'clusterId'>, events: readonly AuditEvent[]): void {
  const logGroupName = text(context, 'log-group', { cluster: hsm.clusterId });
  const partition = partitions(context).get(hsm.hsmId);
  const first = partition?.auditSequence ?? 0;
  if (partition) update(partitions(context), hsm.hsmId, { auditSequence: first + events.length });
  const now = context.kernel.hostTime();
  const logEvents = events.map((event, index) => ({ timestamp: now, message: block(context, event, first + index, now) }));
  try {
    deliver(context, { logGroupName, logStreamName: hsm.hsmId }, logEvents);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    context.emit(`AUDIT_LOG_REFUSED ${error.code}`, hsmName(hsm));
  }
}

interface Stream {
  readonly logGroupName: string;
  readonly logStreamName: string;
}

function deliver(context: Context, stream: Stream, logEvents: ReadonlyArray<{ timestamp: number; message: string }>): void {
  const put = (): unknown => logs(context, 'PutLogEvents', { ...stream, logEvents });
  try {
    put();
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'ResourceNotFoundException') throw error;
    unlessThere(() => logs(context, 'CreateLogGroup', { logGroupName: stream.logGroupName }));
    unlessThere(() => logs(context, 'CreateLogStream', stream));
    put();
  }
}

function logs(context: Context, operation: string, input: object): unknown {
  return context.call('logs', operation, input, serviceLinkedRole(context));
}

/** The group may have been made by the user beforehand. */
function unlessThere(create: () => unknown): void {
  try {
    create();
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'ResourceAlreadyExistsException') throw error;
  }
}

function block(context: Context, event: AuditEvent, sequence: number, now: number): string {
  const row = <T>(id: string): T => context.row<T>(`cloudhsm-hsm/${id}`);
  const code = row<Record<string, string>>('opcodes')[event.opcode];
  const logType = event.user ? 'user' : event.key ? 'key' : 'minimal';
  const command = event.opcode.startsWith('CN_CERT_AUTH') ? 'CN_CERT_AUTH_CMD (0x9)' : 'CN_MGMT_CMD (0x0)';
  return [
    `Time: ${clock(now)}, usecs:${now}000`,
    `Sequence No : 0x${sequence.toString(16)}`,
    'Reboot counter : 0x1',
    `Command Type(hex) : ${command}`,
    `Opcode : ${event.opcode}${code ? ` (${code})` : ''}`,
    'Session Handle : 0x1004001',
    `Response : ${row<Record<string, string>>('responses')[event.response ?? 'ok']}`,
    `Log type : ${row<Record<string, string>>('log-types')[logType]}`,
    ...(event.user ? [`User Name : ${event.user.username}`, `User Type : ${row<Record<string, string>>('user-types')[event.user.role]}`] : []),
    ...(event.key ? [`Priv/Secret Key Handle : ${event.key.reference}`, 'Public Key Handle : 0'] : []),
  ].join('\n');
}

/** `12/19/17 21:01:16.962000`, in UTC. */
function clock(now: number): string {
  const [, year, month, day, time] = /^\d\d(\d\d)-(\d\d)-(\d\d)T(.*)Z$/.exec(new Date(now).toISOString())!;
  return `${month}/${day}/${year} ${time}000`;
}
