import type { Report } from './schema';

/** A report as people read it. */
export function summary(report: Report, wallSeconds: number): string {
  const { criticalPath } = report;
  return [
    '',
    ...report.stacks.map(({ name, status }) => row('Stack', `${name}  ${status}`)),
    ...report.clusters.flatMap((cluster) => [
      row('Cluster', `${cluster.clusterId}  ${cluster.state}  ${cluster.hsmType}  ${cluster.mode}`),
      ...cluster.hsms.map((hsm) => row('  HSM', `${hsm.hsmId}  ${hsm.state}  ${hsm.availabilityZone}  ${hsm.eniIp ?? ''}`)),
      ...cluster.users.map((user) => row('  User', `${user.username}  ${user.role}  coverage ${user.coverage}`)),
      row('  Backups', String(cluster.backups.length)),
    ]),
    ...report.keyStores.flatMap(({ name, connectionState, connectionErrorCode, keyStoreId }) => [
      row('Key store', `${name}  ${[connectionState, connectionErrorCode].filter(Boolean).join(' ')}`),
      ...report.keys.filter((key) => key.keyStoreId === keyStoreId).map(({ keyId, state }) => row('  Key', `${keyId}  ${state}`)),
    ]),
    row('Emulated time', minutes(report.emulatedSeconds)),
    row('Floor', `${minutes(criticalPath.floorSeconds)} that AWS needs by itself, of ${minutes(criticalPath.actualSeconds)}`),
    row('Overhead', `${(criticalPath.overhead * 100).toFixed(1)} %`),
    row('Wall time', `${wallSeconds.toFixed(1)} s`),
    row('Would cost', `$${report.hourlyCost.toFixed(2)} an hour`),
    '',
  ].join('\n');
}

function row(name: string, value: string): string {
  return `${name.padEnd(15)}${value}`;
}

function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
