import type { InitializationAct, InitializationMemory, ObservedInitialization } from './state';
import type { InitializationAttributes, InitializationProperties } from '../../lifecycle/initialization-contract';
import { clusterParameterName, PARAMETER_NAMES } from '../../lifecycle/resource-contract';
import { phaseOf } from '../cluster-state';
import type { Request } from '../engine/request';
import { LATER, SOON } from '../engine/step';
import type { Step } from '../engine/step';
import { isMadeHere } from '../origin';
import { csrChangedMeanwhile, planExternalOfInitialized, refusedBecause } from './external';
import { planPrivateCa } from './private-ca';

/** An attempt whose answer was lost shows in the cluster's state within this time; the same bytes may be sent again then. */
const SHOWS_WITHIN_MS = 120_000;

/** Initialization takes minutes. */
const LIMIT_MS = 30 * 60_000;

const INITIALIZE_ATTEMPTS = 3;

export function planInitialization(
  request: Request, properties: InitializationProperties, observed: ObservedInitialization, memory: InitializationMemory, now: number,
): Step<InitializationAct> {
  const { cluster, trustAnchor } = observed;
  if (request.type === 'Delete') return planForget(request, observed, memory);
  switch (phaseOf(cluster)) {
    case 'gone':
      return { kind: 'fail', code: 'ClusterGone', message: `cluster ${properties.ClusterId} does not exist or is being deleted` };
    case 'changing':
      return { kind: 'wait', seconds: LATER, because: `cluster is ${cluster!.state}`, memory };
    case 'uninitialized':
      return planSigning(properties, observed, memory, now);
    case 'initializing':
      if (now - (memory.initializedAt ?? now) > LIMIT_MS) {
        return { kind: 'fail', code: 'InitializationHangs', message: `cluster ${properties.ClusterId} is still ${cluster!.state} after ${LIMIT_MS / 60_000} minutes; ask AWS Support` };
      }
      return { kind: 'wait', seconds: SOON, because: 'the cluster is being initialized', memory: { ...memory, initializedAt: memory.initializedAt ?? now } };
    case 'initialized':
    case 'active':
      break;
  }
  const external = planExternalOfInitialized(properties, observed, memory);
  if (external) return external;
  const anchorName = clusterParameterName(properties.ClusterId, PARAMETER_NAMES.trustAnchor);
  if (!trustAnchor) {
    return {
      kind: 'fail',
      code: 'TrustAnchorMissing',
      message: `cluster ${properties.ClusterId} is ${cluster!.state} and its trust anchor is not known; put the PEM of the certificate that it was initialized with `
        + `(customerCA.crt) into the parameter ${anchorName} and deploy again`,
    };
  }
  if (observed.anchorFits === false) {
    return {
      kind: 'fail',
      code: 'TrustAnchorWrong',
      message: `the certificate in ${anchorName} did not sign the certificate of cluster ${properties.ClusterId}; put the one there that the cluster was initialized with`,
    };
  }
  const attributes: InitializationAttributes = {
    TrustAnchorParameterName: anchorName, TrustAnchorFingerprint: trustAnchor.fingerprint, TrustAnchorNotAfter: trustAnchor.notAfter,
  };
  return { kind: 'done', attributes: { ...attributes }, memory };
}

function planSigning(
  properties: InitializationProperties, observed: ObservedInitialization, memory: InitializationMemory, now: number,
): Step<InitializationAct> {
  const { ClusterId } = properties;
  if (memory.refused) return refusedBecause(memory.refused);
  switch (observed.csr) {
    case 'none':
      return { kind: 'wait', seconds: SOON, because: 'the cluster shows no CSR', memory };
    case 'other':
      if (properties.Authority === 'EXTERNAL') {
        return { kind: 'act', acts: [{ kind: 'record-evidence' }], memory: { ...memory, isEvidenceRenewed: true }, because: 'there is another CSR' };
      }
      return {
        kind: 'fail',
        code: 'CsrChanged',
        message: `the certificate signing request of cluster ${ClusterId} is not the one that was written down with its first HSM, so the service has replaced that HSM; `
          + 'deploy again once the stack has rolled back',
      };
    case 'recorded':
      break;
  }
  if (memory.isEvidenceRenewed && observed.external !== 'awaited') return csrChangedMeanwhile(ClusterId);
  if (properties.AwsRootSources && !memory.isIdentityVerified) {
    return { kind: 'act', acts: [{ kind: 'verify-identity' }], memory, because: 'the HSM proves what it is before anything is signed' };
  }
  if (observed.external === 'awaited') return { kind: 'done', attributes: {}, memory };
  if (observed.external === 'given') {
    return { kind: 'act', acts: [{ kind: 'take-over' }], memory, because: 'certificates are checked and written down before the irreversible call' };
  }
  if (!observed.trustAnchor || !observed.hasSignedCertificate) {
    if (properties.Authority === 'PRIVATE_CA') return planPrivateCa(properties, observed, memory, now);
    return { kind: 'act', acts: [{ kind: 'issue' }], memory, because: 'certificates are issued and written down before the irreversible call' };
  }
  const attempts = memory.initializeAttempts ?? 0;
  if (attempts > 0 && now - memory.initializedAt! < SHOWS_WITHIN_MS) {
    return { kind: 'wait', seconds: SOON, because: 'the cluster does not show yet that it is being initialized', memory };
  }
  if (attempts >= INITIALIZE_ATTEMPTS) {
    return { kind: 'fail', code: 'InitializeLost', message: `InitializeCluster was called ${attempts} times and cluster ${ClusterId} is still UNINITIALIZED; deploy again` };
  }
  return {
    kind: 'act',
    acts: [{ kind: 'initialize' }],
    memory: { ...memory, initializeAttempts: attempts + 1, initializedAt: now },
    because: 'the certificates are ready',
  };
}

/**
 * The trust anchor of a cluster that was initialized is never forgotten here, for nobody can tell whether the cluster lives on. It goes with the HSMs.
 */
function planForget(request: Request, { cluster, origin }: ObservedInitialization, memory: InitializationMemory): Step<InitializationAct> {
  if (!isMadeHere(origin, request) || memory.forgotten || !['uninitialized', 'gone'].includes(phaseOf(cluster))) return { kind: 'done', attributes: {} };
  return { kind: 'act', acts: [{ kind: 'forget' }], memory: { ...memory, forgotten: true }, because: 'the certificates go with the cluster', isRepeatable: true };
}
