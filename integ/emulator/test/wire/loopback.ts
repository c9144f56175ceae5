import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolveService } from '../../src/wire/addressee';
import type { Addressee } from '../../src/wire/addressee';
import { Exchange } from '../../src/wire/codec';
import type { WireError } from '../../src/wire/exchange';
import type { HttpRequest } from '../../src/wire/http';
import { loadModel } from '../../src/wire/model';
import type { ProtocolName } from '../../src/wire/model-document';
import { ServiceError } from '../../src/wire/operation';

/** What a client asked, as the codec saw it. */
export interface Asked {
  readonly service: string;
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly protocol: ProtocolName;
  readonly addressee: Addressee;
  readonly http: HttpRequest;
}

export type Answer = (asked: Asked) => Readonly<Record<string, unknown>> | void;

const NOTHING: Answer = () => ({});

/** A server that decodes, hands over and encodes: the gateway without anything behind it. */
export class Loopback {
  public readonly asked: Asked[] = [];
  public answer: Answer = NOTHING;
  private readonly server: Server;

  public constructor() {
    this.server = createServer((request, response) => {
      void read(request).then((http) => {
        const answer = this.respond(http);
        response.writeHead(answer.status, { ...answer.headers });
        response.end(answer.body);
      });
    });
  }

  public async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  public get last(): Asked {
    return this.asked[this.asked.length - 1];
  }

  /** Settings every SDK client takes. One try only: a refusal is to be seen, not retried. */
  public get client(): { endpoint: string; region: string; maxAttempts: number; credentials: { accessKeyId: string; secretAccessKey: string } } {
    const { port } = this.server.address() as AddressInfo;
    return {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-west-1',
      maxAttempts: 1,
      credentials: { accessKeyId: 'AKIAFAKEFAKEFAKEFAKE', secretAccessKey: 'fake' },
    };
  }

  private respond(http: HttpRequest): ReturnType<Exchange['encode']> {
    const addressee = resolveService(http);
    if (!addressee.service) throw new Error(`no service for ${addressee.asked}`);
    const exchange = new Exchange(loadModel(addressee.service), http);
    try {
      const { operation, input } = exchange.decode();
      const asked: Asked = { service: addressee.service, operation, input, protocol: exchange.protocol, addressee, http };
      this.asked.push(asked);
      return exchange.encode(this.answer(asked) ?? {}, 'test-request-id');
    } catch (error) {
      const { code = 'InternalFailure', message, status, fields } = error as Partial<WireError> & Error;
      return exchange.encodeError({ code, message, status, fields }, 'test-request-id');
    }
  }
}

async function read(request: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const [path, rawQuery = ''] = String(request.url).split(/\?(.*)/s);
  return { method: String(request.method), path, rawQuery, headers: request.headers, body: Buffer.concat(chunks) };
}

/** One server for a test file; what was asked and what is answered start anew with every test. */
export function useLoopback(): Loopback {
  const loopback = new Loopback();
  beforeAll(() => loopback.start());
  afterAll(() => loopback.stop());
  beforeEach(() => {
    loopback.asked.length = 0;
    loopback.answer = NOTHING;
  });
  return loopback;
}

/** What a command came back with, without the SDK's own metadata. */
export async function outcome<T extends { $metadata: unknown }>(sent: Promise<T>): Promise<Omit<T, '$metadata'>> {
  const { $metadata: _metadata, ...rest } = await sent;
  return rest;
}

/** An answer that refuses. */
export function refusing(code: string, message: string, options?: ServiceError['options']): Answer {
  return () => {
    throw new ServiceError(code, message, options);
  };
}
