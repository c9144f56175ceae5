import type { Problem } from './errors';

/** Limits, each with where it comes from. */
const INTERVAL_MINUTES = { min: 1, max: 60 };
/** CloudHSM makes a backup a day: https://docs.aws.amazon.com/cloudhsm/latest/userguide/backups.html */
const BACKUP_EVERY_HOURS = 24;

/** Above an hour an alarm would come too late to be of use; EventBridge's rates are whole minutes. */
export function intervalProblem(minutes: number | undefined): Problem | undefined {
  const { min, max } = INTERVAL_MINUTES;
  if (minutes === undefined || (Number.isInteger(minutes) && minutes >= min && minutes <= max)) return undefined;
  return { code: 'InvalidInterval', text: `interval must be ${min} to ${max} whole minutes, got ${minutes}; choose such a duration` };
}

export function maxBackupAgeProblem(hours: number | undefined): Problem | undefined {
  if (hours === undefined || hours > BACKUP_EVERY_HOURS) return undefined;
  return {
    code: 'InvalidMaxBackupAge',
    text: `maxBackupAge must be more than ${BACKUP_EVERY_HOURS} hours, got ${hours}: CloudHSM makes a backup a day; choose a longer one`,
  };
}

export function trustAnchorWarningProblem(days: number | undefined): Problem | undefined {
  if (days === undefined || (Number.isInteger(days) && days >= 1)) return undefined;
  return { code: 'InvalidTrustAnchorWarning', text: `trustAnchorWarning must be whole days, one or more, got ${days}; choose such a duration` };
}

/** An alarm that is encrypted by what it watches is not sent when it matters. */
export function ownKeyProblem(key: string | undefined, watched: 'key store' | 'cluster'): Problem | undefined {
  if (key === undefined) return undefined;
  return {
    code: 'TopicKeyOfWatchedStore',
    text: `the topic is encrypted with ${key}, whose material is in the HSMs of the ${watched} that is watched: when they fail the alarm could not be sent; `
      + 'use kms.Key for the topic',
  };
}

/** A key elsewhere would tell of another store. */
export function otherStoreProblem(key: string | undefined): Problem | undefined {
  if (key === undefined) return undefined;
  return { code: 'KeyOfOtherStore', text: `key ${key} is in another key store than the one that is watched; use a key of that, or leave it out` };
}
