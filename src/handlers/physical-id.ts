import { createHash } from 'crypto';

/** Physical ids are computed: `<cluster id>/<what>/<hash of what must not change>`. */
export function physicalId(clusterId: string, what: string, ...fixed: string[]): string {
  return [clusterId, what, hashOf(...fixed)].join('/');
}

export function hashOf(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/**
 * An Update whose cluster is another one than that of the physical id is refused before any call. The rollback's Update
 * comes with the old properties and so passes.
 */
export function otherClusterRefused(physical: string | undefined, clusterId: string): { code: string; message: string } | undefined {
  const before = physical?.split('/')[0];
  if (!before?.startsWith('cluster-') || before === clusterId) return undefined;
  return {
    code: 'ClusterChanged',
    message: `this resource belongs to ${before} and cannot be moved to ${clusterId}; give the new cluster a construct of its own, with another id`,
  };
}
