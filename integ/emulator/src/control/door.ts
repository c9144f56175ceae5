import type { FaultSpec, Kernel } from '../kernel';
import type { Explained } from './explain';
import { checkedFault } from './fault-places';
import { checkedCondition, reached } from './until';
import type { Report } from '../report/schema';
import type { RequestHandler } from '../wire/http';
import { ServiceError } from '../wire/operation';
import { readBody } from '../wire/read-body';
import { isToken, TOKEN_VARIABLE, tokenOfHeader } from '../wire/token';

/** How long `clock until` may move time. */
const UNTIL_LIMIT_MS = 400 * 86_400_000;

const LARGEST_COMMAND = 1024 * 1024;

/** What the door controls. */
export interface Controlled {
  readonly kernel: Kernel;
  readonly instance: string;
  readonly token: string;
  report(): Report;
  advance(milliseconds: number): Promise<void>;
  publishImages(architecture?: string): Record<string, string>;
  snapshot(folder: string): void;
  explain(requestId: string): readonly Explained[];
  reset(): void;
  stop(): Promise<void>;
}

type Command = (emulator: Controlled, input: Readonly<Record<string, unknown>>) => unknown;

/** What can be asked of a running emulator at `POST /_emulator/<command>`. */
const COMMANDS: Readonly<Record<string, Command>> = {
  'health': (emulator) => ({ status: 'ready', instance: emulator.instance, seed: emulator.kernel.seed, emulatedSeconds: emulator.kernel.now / 1000 }),
  'report': (emulator) => emulator.report(),
  'advance': async (emulator, { milliseconds }) => {
    await emulator.advance(typeof milliseconds === 'number' ? milliseconds : Number.NaN);
    return { emulatedSeconds: emulator.kernel.now / 1000 };
  },
  'until': async (emulator, { condition }) => {
    const checked = checkedCondition(String(condition));
    const found = await emulator.kernel.advanceUntil(() => reached(emulator.report(), checked), UNTIL_LIMIT_MS);
    if (!found) throw new ServiceError('NotReached', `[emulator] ${String(condition)} was not reached`);
    return { emulatedSeconds: emulator.kernel.now / 1000 };
  },
  'fault-add': (emulator, input) => emulator.kernel.faults.add(checkedFault(input as unknown as FaultSpec)),
  'fault-clear': (emulator) => {
    emulator.kernel.faults.clear();
    return {};
  },
  'publish-image': (emulator, { architecture }) => emulator.publishImages(architecture === undefined ? undefined : String(architecture)),
  'snapshot': (emulator, { folder }) => {
    if (typeof folder !== 'string' || folder === '') throw new ServiceError('NoFolder', '[emulator] a snapshot needs a "folder"');
    emulator.snapshot(folder);
    return { folder };
  },
  'explain': (emulator, { requestId }) => {
    const calls = emulator.explain(String(requestId));
    if (calls.length === 0) throw new ServiceError('NoSuchRequest', `[emulator] no call of this run had the request id ${String(requestId)}`);
    return { calls };
  },
  'reset': (emulator) => {
    emulator.reset();
    return {};
  },
  'stop': (emulator) => {
    setImmediate(() => void emulator.stop());
    return {};
  },
};

/** Makes the handler of the control door. */
export function controlDoor(emulator: Controlled): RequestHandler {
  return (request, response) => {
    void (async () => {
      const name = (request.url ?? '').slice('/_emulator/'.length);
      const answer = (status: number, body: unknown) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(`${JSON.stringify(body)}\n`);
      };
      try {
        if (!isToken(emulator.token, tokenOfHeader(request.headers))) {
          answer(401, { error: `[emulator] this needs the token that \`start\` printed, in ${TOKEN_VARIABLE}` });
          return;
        }
        if (request.method !== 'POST') {
          answer(405, { error: '[emulator] commands are sent by POST' });
          return;
        }
        const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
        if (!command) {
          answer(404, { error: `[emulator] no command ${name}; there are ${Object.keys(COMMANDS).join(', ')}` });
          return;
        }
        answer(200, await command(emulator, JSON.parse((await readBody(request, LARGEST_COMMAND)).toString('utf8') || '{}') as Record<string, unknown>));
      } catch (error) {
        answer(400, { error: (error as Error).message });
      }
    })();
  };
}
