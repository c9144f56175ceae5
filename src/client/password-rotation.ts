import type { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { throwFirst } from '../private/errors';
import { knownHours } from '../private/known';
import { rotationWindowProblems } from '../private/rotation-validation';

/** When and by what passwords are rotated. */
export interface MaintenanceWindowOptions {
  /**
   * When windows begin, in UTC: at a full hour, by a cron expression, at least four hours apart.
   *
   * @default - 3:00 on the first Sunday of every month
   * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
   */
  readonly schedule?: events.Schedule;

  /**
   * How long a window is open: 1 to 24 whole hours, and not beyond the end of its day. A rotation that fails is tried again until then.
   *
   * @default Duration.hours(3)
   */
  readonly duration?: Duration;
}

/** When passwords of two users who take turns are rotated, and who the other one is. */
export interface AlternatingUsersOptions extends MaintenanceWindowOptions {
  /**
   * Name of the user who takes turns with the other: as `userName`. Cannot be changed while he is the current one.
   *
   * @default - the user's name with `_alt` at its end
   */
  readonly alternateUserName?: string;
}

/** What a rotation is bound for. */
export interface PasswordRotationBindOptions {
  /** The user whose password it is, in lower case. */
  readonly userName: string;
}

/** What a rotation is. */
export interface PasswordRotationConfig {
  /** When windows begin, as Secrets Manager spells it, for instance `cron(0 3 ? * SUN#1 *)`. */
  readonly scheduleExpression: string;

  /** How long a window is open, as Secrets Manager spells it, for instance `3h`. */
  readonly windowDuration: string;

  /**
   * Name of a user who takes turns with the other.
   *
   * @default - nobody does
   */
  readonly alternateUserName?: string;
}

/**
 * How the password of an HSM user is changed from time to time, by Secrets Manager. Extend it to choose windows by rules of your own.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html
 */
export abstract class PasswordRotation {
  /**
   * The user changes his own password in a window, in which nothing else may be logged in as him: the HSMs refuse it then, and the password stays. Stop what
   * uses the secret before the window, and start it afterwards. The first rotation is in the first window, not when the stack is deployed.
   */
  public static maintenanceWindow(options: MaintenanceWindowOptions = {}): PasswordRotation {
    return new MaintenanceWindow(options);
  }

  /**
   * Two users take turns: each rotation gives the one that is not in use a new password, and makes him the current one of the secret. Nothing has to be
   * stopped; what still runs as the other goes on until the rotation after, before which it must have read the secret anew.
   *
   * Keys stay with the user who made them, so each must be shared with the other one by whoever makes it (`--share-crypto-users`, `key share`). A rotation
   * after which fewer keys could be seen is not finished. What may be done to shared keys is using them: only their owner wraps, shares and deletes them.
   */
  public static alternatingUsers(options: AlternatingUsersOptions = {}): PasswordRotation {
    return new AlternatingUsers(options);
  }

  /** Called when the user is made. */
  public abstract bind(scope: Construct, options: PasswordRotationBindOptions): PasswordRotationConfig;
}

/** The rotation behind `PasswordRotation.maintenanceWindow()`. */
class MaintenanceWindow extends PasswordRotation {
  constructor(private readonly options: MaintenanceWindowOptions) {
    super();
  }

  public bind(scope: Construct): PasswordRotationConfig {
    return windowOf(scope, this.options);
  }
}

/** The rotation behind `PasswordRotation.alternatingUsers()`. */
class AlternatingUsers extends PasswordRotation {
  constructor(private readonly options: AlternatingUsersOptions) {
    super();
  }

  public bind(scope: Construct, { userName }: PasswordRotationBindOptions): PasswordRotationConfig {
    return { ...windowOf(scope, this.options), alternateUserName: (this.options.alternateUserName ?? `${userName}_alt`).toLowerCase() };
  }
}

function windowOf(scope: Construct, { schedule, duration }: MaintenanceWindowOptions): PasswordRotationConfig {
  const scheduleExpression = schedule?.expressionString ?? DEFAULT_SCHEDULE;
  const hours = duration ? knownHours(duration) : DEFAULT_HOURS;
  throwFirst(scope, rotationWindowProblems(scheduleExpression, hours));
  return { scheduleExpression, windowDuration: `${hours}h` };
}

/** Monthly, when the fewest work. */
const DEFAULT_SCHEDULE = events.Schedule.cron({ minute: '0', hour: '3', weekDay: 'SUN#1' }).expressionString;
const DEFAULT_HOURS = 3;
