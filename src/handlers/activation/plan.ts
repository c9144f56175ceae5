import type { ActivationProperties } from '../../lifecycle/activation-contract';
import { CURRENT_VERSION } from '../../lifecycle/restored-cluster-contract';
import type { Cluster } from '../aws/cloudhsm';
import { planCommand } from '../client-command/plan';
import type { ClientCommand, CommandAct, CommandMemory, ObservedCommand } from '../client-command/plan';
import { phaseOf } from '../cluster-state';
import type { Request } from '../engine/request';
import { LATER, SOON } from '../engine/step';
import type { Step } from '../engine/step';
import { isMadeHere } from '../origin';
import type { Origin } from '../origin';

/** A change of the automation admin's secret. */
export interface AdminChange {
  readonly former: string;
  readonly wanted: string;
}

export type ActivationAct =
  | CommandAct
  /** What was needed once is closed, the password of `admin` and the authority's key. */
  | { readonly kind: 'seal' }
  | { readonly kind: 'note-failed-change'; readonly change: AdminChange }
  | { readonly kind: 'forget-failed-change' };

export interface ObservedActivation {
  readonly cluster: Cluster | undefined;
  readonly origin: Origin | undefined;
  readonly command: ObservedCommand;
  /** The last change that failed, if none has succeeded since. */
  readonly failedChange?: AdminChange;
}

export interface ActivationMemory extends CommandMemory {
  readonly activatedAt?: number;
  /** What the script said on success: which secret version logged in. */
  readonly verified?: boolean;
  readonly sealed?: boolean;
  /** The change failed in these words; it only has to be noted before that is said. */
  readonly changeFailed?: { readonly code: string; readonly message: string };
  readonly changeForgotten?: boolean;
}

/** The control plane notices the activation within about two minutes; four have been reported. */
const NOTICE_LIMIT_MS = 15 * 60_000;

export function planActivation(
  request: Request, properties: ActivationProperties, observed: ObservedActivation, memory: ActivationMemory, now: number,
): Step<ActivationAct> {
  if (request.type === 'Delete') return { kind: 'done', attributes: {} };
  const { cluster } = observed;
  const phase = phaseOf(cluster);
  switch (phase) {
    case 'gone':
      return { kind: 'fail', code: 'ClusterGone', message: `cluster ${properties.ClusterId} does not exist or is being deleted` };
    case 'uninitialized':
      return { kind: 'fail', code: 'ClusterNotInitialized', message: `cluster ${properties.ClusterId} is UNINITIALIZED; it is activated after its initialization` };
    case 'changing':
    case 'initializing':
      return { kind: 'wait', seconds: LATER, because: `cluster is ${cluster!.state}`, memory };
    case 'initialized':
    case 'active':
      break;
  }
  if (memory.changeFailed) return { kind: 'fail', ...memory.changeFailed };
  const change = changeOf(request, properties);
  if (!memory.verified && !isUndone(change, observed.failedChange)) {
    const command = commandFor(request, properties, phase === 'initialized' || isUnfinished(request, observed, memory));
    if (command) return runCommand(command, request, properties, observed, memory, now);
  }
  if (phase === 'initialized') {
    if (now - memory.activatedAt! > NOTICE_LIMIT_MS) {
      return {
        kind: 'fail', code: 'ActivationNotNoticed',
        message: `the first password of cluster ${properties.ClusterId} is set, but CloudHSM still shows it as INITIALIZED; deploy again`,
      };
    }
    return { kind: 'wait', seconds: SOON, because: 'CloudHSM has not noticed the activation yet', memory };
  }
  if (request.type === 'Create' && !memory.sealed) {
    return { kind: 'act', acts: [{ kind: 'seal' }], memory, because: 'admin\'s password and the authority\'s key have done their work' };
  }
  if (change && memory.verified && observed.failedChange && !memory.changeForgotten) {
    return { kind: 'act', acts: [{ kind: 'forget-failed-change' }], memory: { ...memory, changeForgotten: true }, because: 'a later change succeeded' };
  }
  return { kind: 'done', attributes: { ClusterId: properties.ClusterId }, memory };
}

/** The change of secret that an Update asks for. */
function changeOf(request: Request, { AdminSecretArn: wanted }: ActivationProperties): AdminChange | undefined {
  const former = (request.oldProperties as Partial<ActivationProperties> | undefined)?.AdminSecretArn;
  return request.type === 'Update' && former !== undefined && former !== wanted ? { former, wanted } : undefined;
}

/**
 * Whether this is the rollback of a change that failed: no password was set, and neither secret logs in, or the change would not have failed. There is
 * nothing to do, and refusing it would leave the stack in UPDATE_ROLLBACK_FAILED.
 */
function isUndone(change: AdminChange | undefined, failed: AdminChange | undefined): boolean {
  return change !== undefined && failed !== undefined && change.former === failed.wanted && change.wanted === failed.former;
}

function runCommand(
  command: ClientCommand, request: Request, properties: ActivationProperties, observed: ObservedActivation, memory: ActivationMemory, now: number,
): Step<ActivationAct> {
  const next = planCommand(command, request, observed.command, memory, now);
  const change = changeOf(request, properties);
  if (next.kind === 'unfinished' && next.step.kind === 'fail' && next.step.code.startsWith('LoginRefused') && change) {
    const { code, message } = next.step;
    return { kind: 'act', acts: [{ kind: 'note-failed-change', change }], memory: { ...memory, changeFailed: { code, message } }, because: code };
  }
  if (next.kind === 'unfinished') return next.step;
  return planActivation(request, properties, observed, { ...next.memory, verified: true, activatedAt: now }, now);
}

/**
 * Whether an ACTIVE cluster became so by our own script, in this request or one that failed: the control plane may say ACTIVE before the script is
 * through, and only repeating it makes the automation admin.
 */
function isUnfinished(request: Request, { origin }: ObservedActivation, memory: ActivationMemory): boolean {
  return memory.command?.name === 'activate' || (request.type === 'Create' && isMadeHere(origin, request));
}

/** Activate; on an ACTIVE cluster log in once, on one from a backup with the password of its day, which gives way to the cluster's own; when the secret is another one, change the password with the old one first. */
function commandFor(request: Request, properties: ActivationProperties, activate: boolean): ClientCommand | undefined {
  const common = {
    ClusterId: properties.ClusterId, TrustAnchorParameter: properties.TrustAnchorParameterName, AdminSecretArn: properties.AdminSecretArn,
  };
  if (properties.BackupAdminSecretArn !== undefined && request.type === 'Create') {
    return {
      name: 'change-admin-password',
      documentName: properties.ChangeAdminPasswordDocumentName,
      parameters: {
        ...common, FormerAdminSecretArn: properties.BackupAdminSecretArn, FormerAdminSecretVersions: properties.BackupAdminSecretVersions!,
      },
    };
  }
  if (activate) {
    return {
      name: 'activate',
      documentName: properties.ActivateDocumentName,
      parameters: { ...common, SealedAdminSecretArn: properties.SealedAdminSecretArn },
    };
  }
  if (request.type === 'Create') return { name: 'verify-admin', documentName: properties.VerifyAdminDocumentName, parameters: common };
  const change = changeOf(request, properties);
  return change && {
    name: 'change-admin-password',
    documentName: properties.ChangeAdminPasswordDocumentName,
    parameters: { ...common, FormerAdminSecretArn: change.former, FormerAdminSecretVersions: CURRENT_VERSION },
  };
}
