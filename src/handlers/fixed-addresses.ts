import { ATTEMPT_COUNTS_MS } from './attempts';
import type { Attempt } from './attempts';
import type { Cluster } from './aws/cloudhsm';
import { listed } from './cluster-state';
import { addressesBySubnet } from '../lifecycle/fixed-addresses-contract';

/**
 * Addresses that the next HSMs of a zone may take, in the user's order; `undefined`: no address was asked for there, the service chooses.
 *
 * An address is taken as long as any HSM on the list has it, also one that leaves, and as long as an attempt may have come to something. Next to an HSM
 * whose address is neither shown yet nor known from an attempt, none is free.
 *
 * @param fixed `<subnet id>=<address>,<address>…` each
 */
export function freeAddresses(
  fixed: readonly string[] | undefined, cluster: Cluster, zone: string, attempts: readonly Attempt[], now: number,
): readonly string[] | undefined {
  const addresses = addressesBySubnet(fixed).get(cluster.subnets[zone]);
  if (!addresses) return undefined;
  const isUnclear = listed(cluster).some(({ availabilityZone, eniIp, hsmId }) => availabilityZone === zone && !eniIp
    && !attempts.some((one) => one.hsmId === hsmId));
  if (isUnclear) return [];
  const isOpen = ({ refused, at, hsmId }: Attempt) => !refused && (now - at < ATTEMPT_COUNTS_MS || cluster.hsms.some((hsm) => hsm.hsmId === hsmId));
  const taken = [...cluster.hsms.map(({ eniIp }) => eniIp), ...attempts.filter(isOpen).map(({ ipAddress }) => ipAddress)];
  return addresses.filter((address) => !taken.includes(address));
}

/** What to do when the service refuses: the address that was asked for is the likely reason. */
export function refusedAddress(attempt: Attempt): string {
  return attempt.ipAddress === undefined
    ? ''
    : `; it was asked for at ${attempt.ipAddress}: if something else has that address, free it or choose another in ipAddresses of placement`;
}
