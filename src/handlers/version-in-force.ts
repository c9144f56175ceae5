import type { SecretVersion } from './aws/secret-versions';

/**
 * The version of a secret that was in force at a time: the newest that was made before it. One that is only pending never was: its password was not set on the
 * HSMs.
 */
export function versionInForce(versions: readonly SecretVersion[], at: number): SecretVersion | undefined {
  return versions
    .filter(({ createdAt, labels }) => createdAt <= at && !(labels.length === 1 && labels[0] === 'AWSPENDING'))
    .sort((a, b) => b.createdAt - a.createdAt)[0];
}
