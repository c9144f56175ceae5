import { Token, Tokenization } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';

/** A number if synth knows it: a token is never compared with a limit. */
export function knownNumber(value: number | undefined): number | undefined {
  return value === undefined || Token.isUnresolved(value) ? undefined : value;
}

/** A text if synth knows it: a token is never held against a pattern. */
export function knownText(value: string | undefined): string | undefined {
  return value === undefined || Token.isUnresolved(value) ? undefined : value;
}

/** A list if synth knows its length; its texts may still be tokens. */
export function knownList(list: string[] | undefined): string[] | undefined {
  return list === undefined || Token.isUnresolved(list) ? undefined : list;
}

/** Days of a duration, not always whole, if synth knows them. */
export function knownDays(duration: Duration | undefined): number | undefined {
  return duration === undefined || duration.isUnresolved() ? undefined : duration.toDays({ integral: false });
}

/** Hours of a duration, not always whole, if synth knows them. */
export function knownHours(duration: Duration): number | undefined {
  return duration.isUnresolved() ? undefined : duration.toHours({ integral: false });
}

/** Minutes of a duration, not always whole, if synth knows them. */
export function knownMinutes(duration: Duration): number | undefined {
  return duration.isUnresolved() ? undefined : duration.toMinutes({ integral: false });
}

/** A number as CloudFormation takes it in a string; String() would print what a token is encoded as. */
export function numberText(value: number): string {
  return Tokenization.stringifyNumber(value);
}
