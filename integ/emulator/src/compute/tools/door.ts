import type { IncomingMessage, ServerResponse } from 'node:http';
import { toolContext } from './context';
import type { ToolParts } from './context';
import { parseCall, printAnswer, printHostProgram, printNeeds, printPrompt } from './frames';
import type { AnswerLater, Tool, ToolAnswer, ToolCall, ToolContext, ToolRegistry, ToolResult } from './tool';
import { awaitAnswer } from '../../access/answers';
import { ServiceError } from '../../wire/operation';
import type { Caller } from '../../wire/operation';
import { ANSWERED } from '../instances/driver';
import type { InstanceScripts, LiveScript } from '../instances/driver';

/** Requests to `POST /_emulator/tools/<tool>`, with the script's session in `x-emulator-session`. */
export const DOOR = '/_emulator/tools/';

/** The largest request of a stub: a file of this size may be sent. */
const LARGEST_REQUEST = 64 * 1024 * 1024;

export interface DoorParts extends ToolParts {
  readonly registry: ToolRegistry;
  readonly scripts: InstanceScripts;
}

/** Makes the handler that the gateway mounts under `DOOR`. */
export function toolDoor(parts: DoorParts): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    void new Door(parts).handle(request, response);
  };
}

class Door {
  public constructor(private readonly parts: DoorParts) {}

  public async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const answer = (text: string): void => {
      const body = Buffer.from(text, 'latin1');
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': body.length }).end(body);
    };
    try {
      const name = (request.url ?? '').slice(DOOR.length);
      const token = String(request.headers['x-emulator-session'] ?? '');
      const body = await readBody(request);
      const caller = this.parts.sessions.resolve(undefined, token === '' ? undefined : token);
      const script = this.parts.scripts.find(caller?.activityId);
      const tool = this.parts.registry.get(name);
      if (!caller || !script) throw new ServiceError('NoScript', 'this is no tool of a script that runs');
      if (!tool) throw new ServiceError('NoTool', `there is no tool ${name}`);
      answer(await this.use(tool, parseCall(name, body), script, caller, gone.signal));
    } catch (error) {
      const text = error instanceof ServiceError ? error.message : `internal error: ${(error as Error).stack}`;
      answer(printAnswer({ exitCode: 70, stderr: `[emulator] ${text}\n` }));
    }
  }

  private async use(tool: Tool, call: ToolCall, script: LiveScript, caller: Caller, gone: AbortSignal): Promise<string> {
    const needs = tool.needs?.(call) ?? [];
    if (needs.length > 0) return printNeeds(needs);
    const context = this.contextOf(script, caller);
    await script.run.pass(tool.charge?.(context, call) ?? this.charge(call.tool), gone);
    await script.run.whenItsTurn();
    const answer = script.unitRun?.take(call) ?? await this.answer(tool, call, script, caller, gone);
    script.unitRun?.note(call, answer);
    return answer;
  }

  private async answer(tool: Tool, call: ToolCall, script: LiveScript, caller: Caller, gone: AbortSignal): Promise<string> {
    const first = tool.run(this.contextOf(script, caller), call);
    // Only what was asked and answered at once can be asked again in the script's place.
    if (!('exitCode' in first)) script.unitRun?.lose();
    const result = await this.settle(first, script);
    if ('prompt' in result) return printPrompt(result, this.row<boolean>('prompt-reads-standard-input'));
    if ('program' in result) return printHostProgram(result);
    if (result.chargeMs !== undefined) await script.run.pass(result.chargeMs, gone);
    return printAnswer(result);
  }

  private async settle(result: ToolResult, script: LiveScript): Promise<Exclude<ToolResult, AnswerLater>> {
    if (!('key' in result)) return result;
    const { key, then } = result;
    this.parts.kernel.transaction(() => awaitAnswer(this.parts.kernel, key, { kind: ANSWERED, args: { activityId: script.run.activityId, key } }));
    return then(await script.run.awaitAnswer(key)) satisfies ToolAnswer;
  }

  private contextOf({ run, facts, wallStart, startedAt }: LiveScript, caller: Caller): ToolContext {
    return toolContext(this.parts, { facts, now: run.now, wallTime: wallStart + run.now - startedAt }, caller);
  }

  private charge(tool: string): number {
    const id = `charge-${tool}`;
    return this.parts.kernel.tables.has('instances', id) ? this.row<number>(id) : this.row<number>('charge-tool');
  }

  private row<T>(id: string): T {
    return this.parts.kernel.tables.value<T>('instances', id);
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_REQUEST) throw new ServiceError('TooLarge', 'a tool sent more than the emulator takes');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
