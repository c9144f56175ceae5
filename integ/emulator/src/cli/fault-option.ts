import { parseArgs } from 'node:util';
import type { FaultSpec, Json } from '../kernel';
import { UsageError, wholeNumber } from './options';
import { faultProblem } from '../control/fault-places';

/** `--service cloudhsmv2 --operation CreateHsm --nth 2 --kind lost-answer [--times N] [--resource TEXT] [--caller TEXT] [--param name=value]…` */
export function faultOf(args: readonly string[]): FaultSpec {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        service: { type: 'string' }, operation: { type: 'string' }, kind: { type: 'string' }, nth: { type: 'string' },
        times: { type: 'string' }, resource: { type: 'string' }, caller: { type: 'string' }, param: { type: 'string', multiple: true },
      },
    }));
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { service, operation, kind } = values;
  if (!service || !operation || !kind) throw new UsageError('a fault needs --service, --operation and --kind');
  const spec: FaultSpec = {
    service: service === 'cloudhsm' ? 'cloudhsmv2' : service,
    operation,
    kind,
    nth: wholeNumber('nth', values.nth ?? '1'),
    times: wholeNumber('times', values.times ?? '1'),
    ...(values.resource ? { resource: values.resource } : {}),
    ...(values.caller ? { caller: values.caller } : {}),
    params: Object.fromEntries((values.param ?? []).map(parameter)),
  };
  const problem = faultProblem(spec);
  if (problem !== undefined) throw new UsageError(problem);
  return spec;
}

/** In one string, as `run --fault "…"` takes it. */
export function faultOfText(text: string): FaultSpec {
  return faultOf(text.trim().split(/\s+(?=--)/).flatMap((part) => {
    const space = part.search(/\s/);
    return space < 0 ? [part] : [part.slice(0, space), part.slice(space + 1).trim()];
  }));
}

function parameter(pair: string): [string, Json] {
  const at = pair.indexOf('=');
  if (at < 1) throw new UsageError(`--param must be name=value, got ${pair}`);
  const value = pair.slice(at + 1);
  return [pair.slice(0, at), /^\d+$/.test(value) ? Number(value) : value];
}
