import type { Deployment, StackRecord } from './state';
import { stackCaller, templateOf } from './surroundings';
import { ServiceError } from '../wire/operation';
import type { Caller, Context } from '../wire/operation';
import { own } from './template/template';
import { text } from './texts';

/** Service, operation and member by which a parameter of that type is looked up. */
type LookUp = readonly [service: string, operation: string, member: string];

/** Parameters whose type says what they name: it has to be there. Gives the reason when it is not. */
export function missingThing(
  context: Context, stack: StackRecord, deployment: Deployment, caller: Caller = stackCaller(context, stack),
): string | undefined {
  const lookUps = context.row<{ readonly [type: string]: LookUp }>('parameter-types');
  for (const [name, { Type: type }] of Object.entries(templateOf(context, deployment).Parameters ?? {})) {
    const lookUp = own(lookUps, /^List<(.+)>$/.exec(type)?.[1] ?? type);
    const resolved = deployment.parameters[name]?.resolved;
    if (!lookUp || resolved === undefined) continue;
    const missing = [resolved].flat().find((value) => !isThere(context, lookUp, value, caller));
    if (missing !== undefined) return text(context, 'text-parameter-names-nothing', { name, value: missing });
  }
  return undefined;
}

/** Whoever may not look, or what cannot be looked at, is no reason to refuse. */
function isThere(context: Context, [service, operation, member]: LookUp, value: string, caller: Caller): boolean {
  try {
    context.call(service, operation, { [member]: [value] }, caller);
    return true;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return !/^Invalid/.test(error.code);
  }
}
