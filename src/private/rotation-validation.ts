import { Token } from 'aws-cdk-lib';
import type { Problem } from './errors';
import { userNameProblem } from './validation';

/** @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html */
const WINDOW_HOURS = { min: 1, max: 24 };

/** A window as Secrets Manager takes it. Unknown hours are `undefined`. */
export function rotationWindowProblems(schedule: string, hours: number | undefined): Problem[] {
  const problems: Problem[] = [];
  const [, minute, hour, year] = /^cron\((\S+) (\S+) \S+ \S+ \S+ (\S+)\)$/.exec(schedule) ?? [];
  if (minute !== '0' || year !== '*') {
    problems.push({
      code: 'InvalidRotationSchedule',
      text: `schedule of a rotation must be a cron expression with minute 0 and no year, got ${schedule}; use events.Schedule.cron({ minute: '0', hour: '3', weekDay: 'SUN' })`,
    });
  }
  const { min, max } = WINDOW_HOURS;
  if (hours === undefined || !Number.isInteger(hours) || hours < min || hours > max) {
    problems.push({
      code: 'InvalidRotationWindow',
      text: `duration of a rotation's window must be ${min} to ${max} whole hours, got ${hours ?? 'a token'}; use Duration.hours(3)`,
    });
  } else if (/^\d+$/.test(hour ?? '') && Number(hour) + hours > max) {
    problems.push({
      code: 'RotationWindowPastMidnight',
      text: `a rotation's window must end on the day it begins (UTC), got ${hours} hours from ${hour}:00; begin earlier, or make it at most ${max - Number(hour)} hours`,
    });
  }
  return problems;
}

/** Two users who take turns. A name that synth does not know is held against nothing. */
export function alternateNameProblem(userName: string, alternate: string | undefined): Problem | undefined {
  if (alternate === undefined || Token.isUnresolved(alternate)) return undefined;
  const problem = userNameProblem(alternate);
  if (problem) return { code: problem.code, text: `alternateUserName: ${problem.text}` };
  if (alternate.toLowerCase() !== userName) return undefined;
  return { code: 'AlternateUserSame', text: `alternateUserName must be another name than userName, got ${alternate} for both; choose another` };
}

/** The automation admin's secret is read by the admin client only, so its user's name must be known here, and there is one such admin. */
export function adminRotationProblems(isRotated: boolean, isSecretGiven: boolean, alternate: string | undefined): Problem[] {
  const problems: Problem[] = [];
  if (isRotated && isSecretGiven) {
    problems.push({
      code: 'RotatedAdminSecretGiven',
      text: 'adminRotation and adminSecret exclude each other: the name in a secret that is given is not known here; give another adminSecret to change the password, or leave adminSecret out',
    });
  }
  const alternating = alternatingAdmins('adminRotation', alternate);
  return alternating ? [...problems, alternating] : problems;
}

/** Two who take turns share keys, and an admin has none. */
export function adminUserRotationProblem(alternate: string | undefined): Problem | undefined {
  return alternatingAdmins('rotation of an admin', alternate);
}

function alternatingAdmins(what: string, alternate: string | undefined): Problem | undefined {
  if (alternate === undefined) return undefined;
  return {
    code: 'AlternatingAdmins', text: `${what} must be a maintenance window, got one with the alternate user ${alternate}; use PasswordRotation.maintenanceWindow()`,
  };
}

/** Secrets Manager names a secret to the function by its whole ARN. */
export function rotatedSecretProblem(isWholeArnKnown: boolean): Problem | undefined {
  if (isWholeArnKnown) return undefined;
  return {
    code: 'RotatedSecretUnknown',
    text: 'rotation needs a secret whose whole ARN is known, got one that is imported by name; import it by Secret.fromSecretCompleteArn, or leave secret out',
  };
}

/** Its policy names the secrets: from another stack that is a circle. */
export function rotatorStackProblem(rotatorStack: string, stack: string): Problem | undefined {
  if (rotatorStack === stack) return undefined;
  return {
    code: 'RotatorInOtherStack',
    text: `rotator must be in the same stack, ${stack}, got one in ${rotatorStack}; make one there, or leave it out to use the stack's own`,
  };
}
