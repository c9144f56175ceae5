import type { RotationSettings } from '../../lifecycle/rotation-contract';
import type { ParameterApi } from '../aws/parameters';
import { Failure } from '../engine/failure';

/** What is written down of the secret: by its ARN, which is not known before it is made and may have characters that no parameter's name has. */
export async function settingsOf(parameters: ParameterApi, path: string, secretArn: string): Promise<RotationSettings> {
  const all = [...(await parameters.under(path)).values()].map((value) => JSON.parse(value) as RotationSettings);
  const found = all.find((settings) => settings.SecretArn === secretArn);
  if (!found) throw new Failure('UnknownSecret', `nothing below ${path} says how ${secretArn} is rotated; deploy the stack of its user again`);
  return found;
}
