import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Outcome } from './access/answers';
import { LostAnswer } from './access/call';
import type { Calls, Target } from './access/call';
import { Unreachable, isAwsHost } from './access/reach';
import { DEFAULT_ACCOUNT } from './access/sessions';
import type { Sessions } from './access/sessions';
import { unsignedCaller } from './access/unsigned';
import type { Kernel } from './kernel';
import { resolveService } from './wire/addressee';
import { CALL_HEADER, awaitedCalls } from './wire/awaited-calls';
import { Exchange } from './wire/codec';
import { commonError } from './wire/common-errors';
import { header } from './wire/http';
import type { HttpRequest, HttpResponse, RequestHandler } from './wire/http';
import { loadModel } from './wire/model';
import { Held, Later, ServiceError } from './wire/operation';
import type { Caller, Output } from './wire/operation';
import { BodyTooLarge, readBody } from './wire/read-body';

/** Region of requests that name none. */
const DEFAULT_REGION = 'us-east-1';

/** Bodies are held in memory: an object may be this large, and any other request, above all a deployment package, a good deal less. */
const LARGEST_OBJECT = 1024 * 1024 * 1024;
const LARGEST_REQUEST = 128 * 1024 * 1024;

const NOTHING = Buffer.alloc(0);

/** Where AWS's clients come in: finds out whom a request is for and who makes it, and sends it the one way. */
export class Gateway {
  public constructor(private readonly kernel: Kernel, private readonly calls: Calls, private readonly sessions: Sessions) {}

  public readonly handle: RequestHandler = (request, response) => {
    void this.answer(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  };

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const head = headOf(request);
    const body = await bodyOf(request, head);
    const http = { ...head, body: body ?? NOTHING };
    const addressee = resolveService(http);
    if (!addressee.service) {
      response.writeHead(501, { 'content-type': 'text/plain' });
      response.end(`[emulator] no such service: ${addressee.asked}\n`);
      return;
    }
    const exchange = new Exchange(loadModel(addressee.service), http);
    const requestId = randomUUID();
    const isSigned = addressee.by === 'signature' || addressee.by === 'presigned';
    let caller = isSigned ? this.sessions.resolve(addressee.accessKeyId, addressee.securityToken) : undefined;
    if (body === undefined) {
      response.setHeader('connection', 'close');
      send(response, exchange.encodeError(new ServiceError('EntityTooLarge', '[emulator] the body is larger than the emulator takes', { status: 413 }), requestId));
      return;
    }
    try {
      if (isSigned && !caller) throw commonError(addressee.service, this.sessions.isExpired(addressee.securityToken) ? 'expired-token' : 'bad-token');
      const { operation, input } = exchange.decode();
      caller ??= unsignedCaller(addressee.service, operation, this.calls.row<readonly string[]>('access/unsigned'));
      if (!caller) throw commonError(addressee.service, 'missing-token');
      caller = withUserAgent(caller, header(http.headers, 'user-agent'));
      const account = caller.principal.account || DEFAULT_ACCOUNT;
      const target: Target = { service: addressee.service, account, region: addressee.region ?? DEFAULT_REGION };
      this.noteOverlap(target.service, operation, caller);
      const made = this.calls.arrive(target, operation, input, caller, requestId, hostIn(http));
      const output = await this.settle(made, caller, header(http.headers, CALL_HEADER));
      send(response, exchange.encode(output, requestId));
    } catch (error) {
      if (error instanceof LostAnswer) {
        request.socket.destroy();
        return;
      }
      if (error instanceof Unreachable) {
        this.keepSilent(response, requestId, caller, header(http.headers, CALL_HEADER));
        return;
      }
      send(response, exchange.encodeError(asServiceError(error), requestId));
    }
  }

  /** Outside callers are not part of the order of events; when they write while obligations are open, a run cannot be repeated exactly. */
  private noteOverlap(service: string, operation: string, caller: Caller): void {
    const inside = caller.activityId !== undefined && this.kernel.isRunning(caller.activityId);
    if (!inside && this.kernel.busy && !this.calls.isQuiet(service, operation)) this.kernel.overlapping.push(`${service} ${operation}`);
  }

  /** Packets that are dropped: no answer ever comes, and the caller may let time pass. */
  private keepSilent(response: ServerResponse, requestId: string, caller: Caller | undefined, call: string | undefined): void {
    const { activityId } = caller ?? {};
    if (activityId === undefined) return;
    const key = `silence/${requestId}`;
    awaitedCalls(this.kernel).add(key, activityId, call);
    response.once('close', () => awaitedCalls(this.kernel).settle(key));
  }

  private async settle(result: Output | Later | Held, caller: Caller, call: string | undefined): Promise<Output> {
    if (result instanceof Later) return this.awaitAnswer(result.key, caller, call);
    if (result instanceof Held) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, result.hostMs);
        this.kernel.once(result.signal, () => {
          clearTimeout(timer);
          resolve();
        });
      });
      return result.output;
    }
    return result;
  }

  /** The caller gives up its turn while it waits: at once, or when it says itself that this is all it waits for. */
  private async awaitAnswer(key: string, { activityId }: Caller, call: string | undefined): Promise<Output> {
    const inside = activityId !== undefined && this.kernel.activities.get(activityId) !== undefined;
    const answered = new Promise<Outcome>((resolve) => this.kernel.once(`answer:${key}`, (value) => resolve(value as Outcome)));
    if (inside) awaitedCalls(this.kernel).add(key, activityId, call);
    if (inside && call === undefined && this.kernel.isRunning(activityId)) this.kernel.hold(activityId);
    const outcome = await answered;
    if (inside) await this.kernel.turn(activityId);
    if ('error' in outcome) throw new ServiceError(outcome.error.code, outcome.error.message);
    return outcome.output;
  }
}

function withUserAgent(caller: Caller, userAgent: string | undefined): Caller {
  return userAgent === undefined ? caller : { ...caller, userAgent };
}

/** One of AWS's names; the emulator's own address says nothing of where a call would go. */
function hostIn(http: HttpRequest): string | undefined {
  const host = header(http.headers, 'host')?.replace(/:\d+$/, '');
  return host !== undefined && isAwsHost(host) ? host : undefined;
}

function headOf(request: IncomingMessage): Omit<HttpRequest, 'body'> {
  const url = request.url ?? '/';
  const query = url.indexOf('?');
  return {
    method: request.method ?? 'GET',
    path: query < 0 ? url : url.slice(0, query),
    rawQuery: query < 0 ? '' : url.slice(query + 1),
    headers: request.headers as HttpRequest['headers'],
  };
}

/** `undefined` when it is too large, whether that was said before it came or only shows on the way. */
async function bodyOf(request: IncomingMessage, head: Omit<HttpRequest, 'body'>): Promise<Buffer | undefined> {
  // Whom it is for is asked only of those that say they are large, or say nothing.
  const isSmall = Number(header(head.headers, 'content-length') ?? Infinity) <= LARGEST_REQUEST;
  const isObject = !isSmall && resolveService({ ...head, body: NOTHING }).service === 's3';
  try {
    return await readBody(request, isObject ? LARGEST_OBJECT : LARGEST_REQUEST);
  } catch (error) {
    if (error instanceof BodyTooLarge) return undefined;
    throw error;
  }
}

function send(response: ServerResponse, { status, headers, body }: HttpResponse): void {
  response.writeHead(status, headers);
  response.end(body);
}

/** What is no service's refusal is a defect of the emulator, and says so. */
function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (isTooDeep(error)) return new ServiceError('SerializationException', '[emulator] the input is nested too deeply', { status: 400 });
  const text = error instanceof Error ? error.stack ?? error.message : String(error);
  console.error(`[emulator] internal error: ${text}`);
  return new ServiceError('InternalFailure', `[emulator] internal error: ${error instanceof Error ? error.message : String(error)}`, { status: 500 });
}

/** What reads documents by recursion runs out of stack on those that nobody means; the transaction has been taken back by then. */
function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError && /call stack/.test(error.message);
}
