import type { InitializationAct, InitializationMemory, ObservedInitialization } from './state';
import type { InitializationProperties } from '../../lifecycle/initialization-contract';
import { clusterParameterName, PARAMETER_NAMES } from '../../lifecycle/resource-contract';
import type { Step } from '../engine/step';

/** Why certificates did not get to the service, or came back from it. */
export function refusedBecause({ code, message, here }: NonNullable<InitializationMemory['refused']>): Step<InitializationAct> {
  if (here) return { kind: 'fail', code, message: `${message}; nothing was sent to CloudHSM` };
  return { kind: 'fail', code: 'InitializeRefused', message: `CloudHSM refused the certificates: ${message} (${code})` };
}

/** Between the deploy that showed the request and the one that brought the certificates. */
export function csrChangedMeanwhile(clusterId: string): Step<InitializationAct> {
  return {
    kind: 'fail',
    code: 'CsrChanged',
    message: `the certificates are for a request that cluster ${clusterId} no longer shows, because the service has replaced its first HSM; the new request is in the `
      + `parameter ${clusterParameterName(clusterId, PARAMETER_NAMES.clusterCsr)}: sign that one and deploy again`,
  };
}

/**
 * Certificates of an external authority once the cluster has some: they stay what they were. A cluster that was initialized by hand with the given ones
 * is taken as it is.
 */
export function planExternalOfInitialized(
  { ClusterId }: InitializationProperties, { external, isRollingBack, trustAnchor }: ObservedInitialization, memory: InitializationMemory,
): Step<InitializationAct> | undefined {
  if (external === 'awaited') {
    // What was initialized stays so: the next deploy finds it, and goes on.
    if (isRollingBack) return { kind: 'done', attributes: {}, memory };
    return {
      kind: 'fail',
      code: 'CertificatesMissing',
      message: `cluster ${ClusterId} is initialized; give CertificateAuthority.external() the signedCertificate and the trustAnchor that it was initialized with`,
    };
  }
  if (external !== 'given') return undefined;
  if (memory.refused) return refusedBecause(memory.refused);
  if (!trustAnchor) return { kind: 'act', acts: [{ kind: 'take-over' }], memory, because: 'the cluster was initialized before the certificates came' };
  return {
    kind: 'fail',
    code: 'CertificatesChanged',
    message: `signedCertificate or trustAnchor is not what cluster ${ClusterId} was initialized with, and CloudHSM takes them once; put the former ones back, or make a new cluster`,
  };
}
