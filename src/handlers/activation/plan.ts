import type { ActivationProperties } from '../../lifecycle/activation-contract';
import type { Cluster } from '../aws/cloudhsm';
import { planCommand } from '../client-command/plan';
import type { ClientCommand, CommandAct, CommandMemory, ObservedCommand } from '../client-command/plan';
import { phaseOf } from '../cluster-state';
import type { Request } from '../engine/request';
import { LATER, SOON } from '../engine/step';
import type { Step } from '../engine/step';
import { isMadeHere } from '../origin';
import type { Origin } from '../origin';

/** `seal`: what was needed once is closed, the password of `admin` and the authority's key. */
export type ActivationAct = CommandAct | { readonly kind: 'seal' };

export interface ObservedActivation {
  readonly cluster: Cluster | undefined;
  readonly origin: Origin | undefined;
  readonly command: ObservedCommand;
}

export interface ActivationMemory extends CommandMemory {
  readonly activatedAt?: number;
  /** What the script said on success: which secret version logged in. */
  readonly verified?: boolean;
  readonly sealed?: boolean;
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
  if (!memory.verified) {
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
  return { kind: 'done', attributes: { ClusterId: properties.ClusterId }, memory };
}

function runCommand(
  command: ClientCommand, request: Request, properties: ActivationProperties, observed: ObservedActivation, memory: ActivationMemory, now: number,
): Step<ActivationAct> {
  const next = planCommand(command, request, observed.command, memory, now);
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

/** Activate; on an ACTIVE cluster log in once; when the secret is another one, change the password with the old one first. */
function commandFor(request: Request, properties: ActivationProperties, activate: boolean): ClientCommand | undefined {
  const common = {
    ClusterId: properties.ClusterId, TrustAnchorParameter: properties.TrustAnchorParameterName, AdminSecretArn: properties.AdminSecretArn,
  };
  if (activate) {
    return {
      name: 'activate',
      documentName: properties.ActivateDocumentName,
      parameters: { ...common, SealedAdminSecretArn: properties.SealedAdminSecretArn },
    };
  }
  const former = (request.oldProperties as Partial<ActivationProperties> | undefined)?.AdminSecretArn;
  if (request.type === 'Create') return { name: 'verify-admin', documentName: properties.VerifyAdminDocumentName, parameters: common };
  if (former === undefined || former === properties.AdminSecretArn) return undefined;
  return {
    name: 'change-admin-password',
    documentName: properties.ChangeAdminPasswordDocumentName,
    parameters: { ...common, FormerAdminSecretArn: former },
  };
}
