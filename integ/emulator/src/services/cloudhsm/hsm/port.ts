import { ServiceError } from '../../../wire/operation';
import type { Context, Position } from '../../../wire/operation';
import { activeHsms, clusters, hsms } from '../state';
import type { HsmRecord } from '../state';
import { HsmLink } from './link';
import { isMutual, NO_MUTUAL } from './mutual';
import type { ClientIdentity } from './mutual';
import { partitions } from './partition';
import { trustOf } from './trust';

/** Where a client stands; a service may stand in several subnets at once, and takes whichever has a way. */
export type Origins = Position | readonly Position[];

/** What a client knows when it dials. */
export interface Dial {
  readonly from: Origins;
  /** ENI addresses, as configured. */
  readonly addresses: readonly string[];
  /** Content of the client's file of trusted certificates. */
  readonly trusted: string;
  /** What the client presents of itself, if anything. */
  readonly identity?: ClientIdentity;
  /** Version of the client; unknown ones are taken for current. */
  readonly version?: string;
  /** Whether the HSMs that are found later are used as well. */
  readonly discover: boolean;
}

export type DialProblem = 'unreachable' | 'untrusted' | 'expired' | 'client-too-old' | 'not-mutual';

export interface Dialled {
  readonly links: readonly HsmLink[];
  /** By address, for those that did not answer. */
  readonly problems: ReadonlyArray<{ readonly address: string; readonly problem: DialProblem; readonly missing?: string }>;
}

/** Connects to HSMs: each needs an address where one listens, a way there and a certificate the client trusts. */
export function dial(context: Context, request: Dial): Dialled {
  const found: HsmRecord[] = [];
  const problems: Array<Dialled['problems'][number]> = [];
  for (const address of new Set(request.addresses)) {
    const answer = answering(context, request, address);
    if ('problem' in answer) problems.push({ address, ...answer });
    else found.push(answer.hsm);
  }
  if (request.discover) {
    for (const { clusterId } of found.slice(0, 1)) {
      for (const hsm of activeHsms(context, clusterId)) {
        const known = found.some(({ hsmId }) => hsmId === hsm.hsmId);
        if (!known && !pathProblem(context, request.from, hsm)) found.push(hsm);
      }
    }
  }
  return { links: found.map((hsm) => new HsmLink(context, hsm)), problems };
}

function answering(context: Context, request: Dial, address: string): { hsm: HsmRecord } | { problem: DialProblem; missing?: string } {
  const listening = hsms(context).values()
    .filter(({ state, eniIp, eniIpV6 }) => state === 'ACTIVE' && (eniIp === address || eniIpV6 === address));
  let missing = listening.length === 0 ? `no HSM listens on ${address}` : undefined;
  for (const hsm of listening) {
    const blocked = pathProblem(context, request.from, hsm);
    if (!blocked) return verified(context, request, hsm);
    missing = blocked;
  }
  return { problem: 'unreachable', ...(missing ? { missing } : {}) };
}

function verified(context: Context, request: Dial, hsm: HsmRecord): { hsm: HsmRecord } | { problem: DialProblem } {
  const minimum = context.row<Record<string, string>>('cloudhsm-hsm/minimum-client')[hsm.hsmType];
  if (request.version && minimum && older(request.version, minimum)) return { problem: 'client-too-old' };
  const trust = trustOf(request.trusted, clusters(context).get(hsm.clusterId)?.trustAnchor, new Date(context.kernel.hostTime()));
  if (trust !== 'trusted') return { problem: trust };
  const { mtls = NO_MUTUAL } = partitions(context).get(hsm.hsmId) ?? {};
  return mtls.enforced && !isMutual(mtls, request.identity, new Date(context.kernel.hostTime())) ? { problem: 'not-mutual' } : { hsm };
}

/** What is missing on the way to an HSM's interface; nothing when there is a way. A service finds its own. */
function pathProblem(context: Context, from: Origins, hsm: HsmRecord): string | undefined {
  const problems = [from].flat().map((position) => problemFrom(context, position, hsm));
  return problems.includes(undefined) ? undefined : problems.at(-1);
}

function problemFrom(context: Context, from: Position, hsm: HsmRecord): string | undefined {
  if (from.kind === 'service') return undefined;
  try {
    const { allowed, missing } = context.call<{ allowed: boolean; missing?: string }>('ec2', 'EmulatedNetworkPath', {
      from, toNetworkInterfaceId: hsm.eniId, port: context.row('cloudhsm-hsm/port'),
    });
    return allowed ? undefined : missing ?? `no way to ${hsm.eniIp}`;
  } catch (error) {
    // Without an emulated network every address can be reached.
    if (error instanceof ServiceError && error.code === 'NotImplemented') return undefined;
    throw error;
  }
}

function older(version: string, minimum: string): boolean {
  const parts = (text: string): number[] => text.split('.').map(Number);
  const [a, b] = [parts(version), parts(minimum)];
  const index = b.findIndex((part, at) => (a[at] ?? 0) !== part);
  return index !== -1 && (a[index] ?? 0) < b[index];
}
