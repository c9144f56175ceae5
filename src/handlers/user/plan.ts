import type { UserProperties } from '../../lifecycle/user-contract';
import type { Cluster } from '../aws/cloudhsm';
import { planCommand } from '../client-command/plan';
import type { ClientCommand, CommandAct, CommandMemory, ObservedCommand } from '../client-command/plan';
import { counted, phaseOf } from '../cluster-state';
import { resourceKey } from '../engine/request';
import type { Request } from '../engine/request';
import { LATER } from '../engine/step';
import type { Step } from '../engine/step';
import { unquiet } from '../quiet';

/** What is written down of a user: whether we meant to make him, made him, or took him over. */
export interface UserRecord {
  readonly how: 'intended' | 'made' | 'adopted';
  readonly resource: string;
}

export type UserAct =
  | CommandAct
  | { readonly kind: 'record'; readonly record: UserRecord }
  | { readonly kind: 'forget' };

export interface ObservedUser {
  readonly cluster: Cluster | undefined;
  readonly record: UserRecord | undefined;
  readonly command: ObservedCommand;
}

export interface UserMemory extends CommandMemory {
  readonly quietAwaitedSince?: number;
  /** The record at the start: a user of that name may then be there because an earlier request made him. */
  readonly mayExist?: boolean;
  readonly recorded?: boolean;
  readonly result?: string;
  readonly forgotten?: boolean;
}

/** HSMs that are joining take up to 25 minutes; users made meanwhile would be missing on them for good. */
const QUIET_LIMIT_MS = 30 * 60_000;

export function planUser(request: Request, properties: UserProperties, observed: ObservedUser, memory: UserMemory, now: number): Step<UserAct> {
  const ours = observed.record?.resource === resourceKey(request);
  if (memory.failure) return planForget(request, observed, memory);
  if (request.type === 'Delete') {
    // Never somebody who was there before us, or who may have been.
    if (!ours || observed.record!.how !== 'made') return planForget(request, observed, memory);
    if (phaseOf(observed.cluster) !== 'active' || counted(observed.cluster!).length === 0) return { kind: 'done', attributes: {} };
  } else if (phaseOf(observed.cluster) !== 'active') {
    return {
      kind: 'fail', code: 'ClusterNotActive', message: `cluster ${properties.ClusterId} is ${observed.cluster?.state ?? 'gone'}; users are made when it is ACTIVE`,
    };
  }
  const busy = unquiet(observed.cluster!);
  if (busy && memory.result === undefined) return awaitQuiet(properties, observed.cluster!, busy, memory, now);
  if (request.type !== 'Delete' && !ours && !memory.recorded) {
    return {
      kind: 'act',
      acts: [{ kind: 'record', record: { how: 'intended', resource: resourceKey(request) } }],
      memory: { ...memory, recorded: true, mayExist: false },
      because: 'written down before the user is made',
      isRepeatable: true,
    };
  }
  if (memory.result === undefined) {
    const next = planCommand(commandFor(request, properties, memory), request, observed.command, memory, now);
    if (next.kind === 'unfinished') return next.step;
    return planUser(request, properties, observed, { ...next.memory, result: String(next.output.result ?? 'unchanged') }, now);
  }
  if (request.type === 'Delete') return planForget(request, observed, memory);
  const how = memory.result === 'created' ? 'made' : observed.record?.how === 'made' ? 'made' : 'adopted';
  if (observed.record?.how !== how) {
    return { kind: 'act', acts: [{ kind: 'record', record: { how, resource: resourceKey(request) } }], memory, because: `the user is ${how}` };
  }
  return { kind: 'done', attributes: { UserName: properties.UserName.toLowerCase(), ClusterId: properties.ClusterId }, memory };
}

function awaitQuiet({ ClusterId }: UserProperties, cluster: Cluster, busy: string, memory: UserMemory, now: number): Step<UserAct> {
  if (busy === 'none') {
    return { kind: 'fail', code: 'ClusterPaused', message: `cluster ${ClusterId} has no HSM; set hsmCount above 0 before users are made or changed` };
  }
  const since = memory.quietAwaitedSince ?? now;
  if (now - since > QUIET_LIMIT_MS) {
    return { kind: 'fail', code: 'ClusterNotQuiet', message: `${busy}; users are changed only while every HSM of ${cluster.clusterId} is ACTIVE: deploy again when it is` };
  }
  return { kind: 'wait', seconds: LATER, because: busy, memory: { ...memory, quietAwaitedSince: since } };
}

function commandFor(request: Request, properties: UserProperties, memory: UserMemory): ClientCommand {
  const common = {
    ClusterId: properties.ClusterId,
    TrustAnchorParameter: properties.TrustAnchorParameterName,
    AdminSecretArn: properties.AdminSecretArn,
    UserName: properties.UserName,
    UserRole: properties.Role ?? 'crypto-user',
    AlternateUserName: properties.AlternateUserName || '-',
  };
  if (request.type === 'Delete') return { name: 'delete-user', documentName: properties.DeleteUserDocumentName, parameters: common };
  const mayExist = properties.Adopt === 'true' || memory.mayExist !== false;
  return {
    name: 'ensure-user',
    documentName: properties.EnsureUserDocumentName,
    parameters: { ...common, UserSecretArn: properties.SecretArn, MayExist: String(mayExist) },
  };
}

/** What was written down goes, on a failure only what was a mere intention; then the request is over. */
function planForget(request: Request, { record }: ObservedUser, memory: UserMemory): Step<UserAct> {
  const isKept = memory.failure && record?.how !== 'intended';
  if (record?.resource === resourceKey(request) && !isKept && !memory.forgotten) {
    return { kind: 'act', acts: [{ kind: 'forget' }], memory: { ...memory, forgotten: true }, because: 'nothing is left to be remembered', isRepeatable: true };
  }
  return memory.failure ? { kind: 'fail', ...memory.failure } : { kind: 'done', attributes: {}, memory };
}
