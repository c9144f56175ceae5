import { LostAnswer } from '../../../access/call';
import { Unreachable } from '../../../access/reach';
import { commonError } from '../../../wire/common-errors';
import type { OperationModel } from '../../../wire/model';
import { loadModel } from '../../../wire/model';
import { ServiceError } from '../../../wire/operation';
import type { Output } from '../../../wire/operation';
import { missing } from '../tool';
import type { Tool, ToolAnswer, ToolCall, ToolContext, ToolResult } from '../tool';
import { fileReference, parseArguments } from './arguments';
import type { Arguments } from './arguments';
import { attempt } from './attempts';
import { JmesPathError, search } from './jmespath';
import { dashed, serviceOf } from './names';
import { noConnection } from './no-connection';
import { plain, printJson, printText } from './print';
import { s3Command, s3Files } from './s3';
import { UsageError, fromJson, parseOption } from './values';

/** Pages of a list: the member that names the next page, in answers and in requests. */
const TOKENS: ReadonlyArray<readonly [output: string, input: string]> = [
  ['NextToken', 'NextToken'], ['nextToken', 'nextToken'], ['NextMarker', 'Marker'], ['Marker', 'Marker'], ['NextContinuationToken', 'ContinuationToken'],
];

/** AWS CLI over the models: every operation that has one, `s3 cp` and `s3 ls`. */
export const aws: Tool = {
  needs: (call) => {
    const parsed = parseArguments(call.argv);
    const named = [...parsed.options.flatMap(([, values]) => values), parsed.global['cli-input-json'] ?? '']
      .map((value) => fileReference(value)?.path).filter((path) => path !== undefined);
    return missing(call, ...named, ...(parsed.words[0] === 's3' ? s3Files(parsed) : []));
  },
  charge: (context, { argv }) => (argv[0] === '--version' ? 1 : context.row<number>('charge-aws')),
  run: (context, call) => {
    try {
      return run(context, call, parseArguments(call.argv));
    } catch (error) {
      return error instanceof Unreachable ? noConnection(context, call, error) : failure(error as Error, call);
    }
  },
};

function run(context: ToolContext, call: ToolCall, parsed: Arguments): ToolResult {
  const { words, global } = parsed;
  if (global.version) return { exitCode: 0, stdout: 'aws-cli/2.27.0 Python/3.12.9 Linux/6.1 (emulator)\n' };
  const [command, operationName] = words;
  if (command === undefined) throw new UsageError('the following arguments are required: command');
  if (command === 'configure') return configure(call, words.slice(1));
  const region = global.region ?? call.env.AWS_REGION ?? call.env.AWS_DEFAULT_REGION ?? context.region;
  if (context.instance.roleName === undefined && !call.env.AWS_ACCESS_KEY_ID) return { exitCode: 253, stderr: '\nUnable to locate credentials. You can configure credentials by running "aws configure".\n' };
  const service = serviceOf(command);
  const place = { region, as: callerOf(context, service ?? 's3', call) };
  if (command === 's3') return s3Command(context, call, parsed, place);
  if (service === undefined) throw new UsageError(`argument command: Found invalid choice '${command}' [emulator: services with a model only]`);
  if (operationName === undefined) throw new UsageError('the following arguments are required: operation');
  if (operationName === 'wait') throw new UsageError('[emulator] aws wait is not built; poll in a loop with sleep');
  const model = loadModel(service);
  const operation = [...model.operations.values()].find(({ name }) => dashed(name) === operationName);
  if (!operation) throw new UsageError(`argument operation: Found invalid choice '${operationName}' [emulator: operations with a model only]`);
  const input = inputOf(call, operation, parsed);
  const first = attempt(context, service, operation.name, input, place);
  if ('later' in first && typeof first.later === 'string') {
    return {
      key: first.later,
      then: (outcome) => ('error' in outcome
        ? failure(new ServiceError(outcome.error.code, outcome.error.message), call, operation.name)
        : show(operation, parsed, outcome.output)),
    };
  }
  const output = global['no-paginate'] ? first as Output : allPages(context, service, operation, input, first as Output, place);
  return show(operation, parsed, output);
}

/** Keys in the environment, or the instance's role. */
function callerOf(context: ToolContext, service: string, { env }: ToolCall): ToolContext['caller'] | undefined {
  if (!env.AWS_ACCESS_KEY_ID) return undefined;
  const caller = context.session(env.AWS_ACCESS_KEY_ID, env.AWS_SESSION_TOKEN);
  if (!caller) throw commonError(service, context.isExpired(env.AWS_SESSION_TOKEN) ? 'expired-token' : 'bad-token');
  return { ...caller, activityId: context.caller.activityId, position: context.caller.position };
}

function inputOf(call: ToolCall, operation: OperationModel, { words, global, options }: Arguments): Output {
  const members = operation.input?.members ?? new Map<string, never>();
  const json = global['cli-input-json'];
  const input: Output = json === undefined || !operation.input
    ? {}
    : fromJson('cli-input-json', operation.input, JSON.parse(contentOf(call, json).toString('utf8'))) as Output;
  const isBase64 = global['cli-binary-format'] !== 'raw-in-base64-out';
  for (const [name, values] of options) {
    const member = [...members.values()].find((candidate) => dashed(candidate.name) === name)
      ?? (name.startsWith('no-') ? [...members.values()].find((candidate) => dashed(candidate.name) === name.slice(3) && candidate.shape.type === 'boolean') : undefined);
    if (!member) throw new UsageError(`Unknown options: --${name}${values.length > 0 ? `, ${values.join(', ')}` : ''}`);
    if (member.shape.type === 'boolean' && values.length === 0) input[member.name] = !name.startsWith('no-') || dashed(member.name) === name;
    else if (member.shape.type === 'blob' && values.length === 1 && fileReference(values[0])?.binary) input[member.name] = contentOf(call, values[0]);
    else input[member.name] = parseOption(name, member.shape, values.map((value) => textOf(call, value)), isBase64);
  }
  if (words.length > 2 && !isStreaming(operation)) throw new UsageError(`Unknown options: ${words.slice(2).join(', ')}`);
  const lacking = (operation.input?.required ?? []).filter((name) => input[name] === undefined && !members.get(name)?.idempotencyToken);
  if (lacking.length > 0) throw new UsageError(`the following arguments are required: ${lacking.map((name) => `--${dashed(name)}`).join(', ')}`);
  return input;
}

function textOf(call: ToolCall, value: string): string {
  return fileReference(value) ? contentOf(call, value).toString('utf8') : value;
}

function contentOf(call: ToolCall, value: string): Buffer {
  const reference = fileReference(value);
  if (!reference) return Buffer.from(value, 'utf8');
  const content = call.files.get(reference.path);
  if (!content) throw new UsageError(`Error parsing parameter: Unable to load paramfile ${value}: [Errno 2] No such file or directory: '${reference.path}'`);
  return content;
}

type Place = NonNullable<Parameters<ToolContext['call']>[3]>;

/** The CLI asks for page after page by itself and shows one answer. */
function allPages(context: ToolContext, service: string, operation: OperationModel, input: Output, first: Output, place: Place): Output {
  const pair = TOKENS.find(([output, name]) => operation.output?.members.has(output) && operation.input?.members.has(name));
  if (!pair || input[pair[1]] !== undefined) return first;
  const [from, to] = pair;
  const merged: Output = { ...first };
  for (let token = first[from]; token; ) {
    const page = attempt(context, service, operation.name, { ...input, [to]: token }, place) as Output;
    for (const [name, value] of Object.entries(page)) {
      if (Array.isArray(value)) merged[name] = [...merged[name] as unknown[] ?? [], ...value as unknown[]];
    }
    token = page[from];
  }
  delete merged[from];
  return merged;
}

function isStreaming({ output }: OperationModel): boolean {
  return output?.payload?.shape.type === 'blob';
}

function show(operation: OperationModel, { words, global }: Arguments, output: Output): ToolAnswer {
  const payload = isStreaming(operation) ? operation.output!.payload!.name : undefined;
  const files = payload !== undefined && words[2] !== undefined
    ? [{ path: words[2], mode: 0o644, content: Buffer.from(output[payload] as Uint8Array ?? '') }]
    : [];
  const { [payload ?? '']: _content, ...rest } = output;
  const whole = plain(payload === undefined ? output : rest) as Record<string, unknown>;
  const value = global.query === undefined ? whole : search(global.query, whole);
  if (global.query === undefined && Object.keys(whole).length === 0) return { exitCode: 0, files };
  switch (global.output ?? 'json') {
    case 'json': return { exitCode: 0, stdout: printJson(value ?? null), files };
    case 'text': return { exitCode: 0, stdout: printText(value ?? null), files };
    default: throw new UsageError(`[emulator] --output ${global.output} is not built; json and text are`);
  }
}

function configure(call: ToolCall, [verb, name]: readonly string[]): ToolAnswer {
  if (verb !== 'get') return { exitCode: 252, stderr: `[emulator] aws configure ${verb ?? ''} is not built\n` };
  const value = name === 'region' ? call.env.AWS_REGION ?? call.env.AWS_DEFAULT_REGION : undefined;
  return value === undefined ? { exitCode: 1 } : { exitCode: 0, stdout: `${value}\n` };
}

/** What went wrong, with the CLI's exit codes: 252 for the command line, 254 for the service, 255 for the rest. */
function failure(error: Error, call: ToolCall, operation: string = operationOf(call)): ToolAnswer {
  if (error instanceof ServiceError) {
    return { exitCode: 254, stderr: `\nAn error occurred (${error.code}) when calling the ${operation} operation: ${error.message}\n` };
  }
  if (error instanceof UsageError || error instanceof JmesPathError) return { exitCode: 252, stderr: `\naws: [ERROR]: ${error.message}\n` };
  if (error instanceof LostAnswer) return { exitCode: 255, stderr: '\nConnection was closed before we received a valid response from endpoint URL. [emulator] asked for by a fault\n' };
  throw error;
}

function operationOf({ argv }: ToolCall): string {
  const [command = '', operation = ''] = parseArguments(argv).words;
  const service = serviceOf(command);
  return (service && [...loadModel(service).operations.keys()].find((name) => dashed(name) === operation)) ?? operation;
}

