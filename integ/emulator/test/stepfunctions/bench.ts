import { answer } from '../../src/access/answers';
import { stepfunctions } from '../../src/services/stepfunctions/service';
import { tables } from '../../src/services/stepfunctions/state';
import type { MachineRecord } from '../../src/services/stepfunctions/state';
import { Later, ServiceError } from '../../src/wire/operation';
import type { Context, Output, Service } from '../../src/wire/operation';
import { World } from '../_helpers/world';
import type { WorldOptions } from '../_helpers/world';

/** What a pretended function does with its event: an answer, an error document, a refusal, or an answer after seconds. */
export type Pretence = (event: never, attempt: number) => unknown;

export class FunctionFails {
  public constructor(public readonly document: object) {}
}

export class After {
  public constructor(public readonly seconds: number, public readonly value: unknown) {}
}

export const ROLE = 'arn:aws:iam::123456789012:role/machine-role';

export interface Described {
  readonly executionArn: string;
  readonly status: string;
  readonly input: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

export interface Shown {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  readonly timestamp: Date;
  readonly [details: string]: unknown;
}

/** Step Functions with pretended functions and a parameter store. Time warps unless told otherwise. */
export class Bench {
  public readonly world: World;
  public readonly functions = new Map<string, Pretence>();
  public readonly calls: Array<{ service: string; operation: string; input: Record<string, unknown>; principal: string }> = [];
  private readonly attempts = new Map<string, number>();
  private machines = 0;

  public constructor(options: Partial<WorldOptions> = {}) {
    this.world = new World({ clock: { kind: 'warp' }, ...options, services: [stepfunctions, this.lambda(), this.ssm(), ...options.services ?? []] });
  }

  /** A machine that is there, without the check of its definition: that takes a third of a second each time. */
  public create(definition: object, more: Partial<MachineRecord> = {}): string {
    this.machines += 1;
    const name = `machine${this.machines}`;
    const arn = `arn:aws:states:us-east-1:123456789012:stateMachine:${name}`;
    const { now } = this.world.kernel;
    this.world.kernel.transaction(() => tables.machines(this.world.context('stepfunctions')).put(arn, {
      arn, name, definition: JSON.stringify(definition), roleArn: ROLE, type: 'STANDARD', status: 'ACTIVE', createdAt: now, updatedAt: now,
      loggingConfiguration: {}, tracingConfiguration: {}, tags: {}, ...more,
    }));
    return arn;
  }

  public start(stateMachineArn: string, input: unknown = {}, name?: string): string {
    return this.world.call<{ executionArn: string }>('stepfunctions', 'StartExecution', {
      stateMachineArn, input: JSON.stringify(input), ...(name ? { name } : {}),
    }).executionArn;
  }

  public async idle(): Promise<void> {
    do await new Promise((soon) => setTimeout(soon, 1)); while (this.world.kernel.busy && this.world.internalErrors.length === 0);
    if (this.world.internalErrors.length > 0) throw this.world.internalErrors[0];
  }

  /** Runs a definition, or a state alone, to its end. */
  public async run(definition: object, input: unknown = {}): Promise<Described & { readonly value: unknown; readonly passed: number }> {
    const whole = 'States' in definition ? definition : { StartAt: 'Only', States: { Only: definition } };
    const from = this.world.kernel.now;
    const arn = this.start(this.create(whole), input);
    await this.idle();
    const described = this.describe(arn);
    const value = described.output === undefined ? undefined : JSON.parse(described.output) as unknown;
    return { ...described, value, passed: this.world.kernel.now - from };
  }

  public describe(executionArn: string): Described {
    return this.world.call<Described>('stepfunctions', 'DescribeExecution', { executionArn });
  }

  public history(executionArn: string): Shown[] {
    return this.world.call<{ events: Shown[] }>('stepfunctions', 'GetExecutionHistory', { executionArn, maxResults: 1000 }).events;
  }

  private lambda(): Service {
    return {
      name: 'lambda',
      operations: { Invoke: (context, input: never) => this.invoke(context, input) },
      events: { done: (context, { key, output }: { key: string; output: Output }) => answer(context.kernel, key, { output }) },
    };
  }

  private invoke(context: Context, input: { FunctionName: string; Payload: string; InvocationType?: string }): Output | Later {
    this.calls.push({ service: 'lambda', operation: 'Invoke', input, principal: context.caller.principal.arn });
    const name = input.FunctionName.split(':').at(-1)!;
    const pretence = this.functions.get(name);
    if (!pretence) throw new ServiceError('ResourceNotFoundException', `Function not found: ${input.FunctionName}`, { status: 404 });
    const attempt = (this.attempts.get(name) ?? 0) + 1;
    this.attempts.set(name, attempt);
    const event = JSON.parse(input.Payload ?? '{}') as never;
    if (input.InvocationType === 'Event') {
      pretence(event, attempt);
      return { StatusCode: 202, Payload: '' };
    }
    const result = pretence(event, attempt);
    const [seconds, value] = result instanceof After ? [result.seconds, result.value] : [0.1, result];
    const output = value instanceof FunctionFails
      ? { StatusCode: 200, ExecutedVersion: '$LATEST', FunctionError: 'Unhandled', Payload: JSON.stringify(value.document) }
      : { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: JSON.stringify(value) };
    const key = `pretended/${name}/${attempt}`;
    context.after(seconds * 1000, { kind: 'done', args: { key, output } });
    return new Later(key);
  }

  private ssm(): Service {
    return {
      name: 'ssm',
      operations: {
        GetParameter: (context, input: { Name: string }) => {
          this.calls.push({ service: 'ssm', operation: 'GetParameter', input, principal: context.caller.principal.arn });
          if (input.Name !== '/there') throw new ServiceError('ParameterNotFound', 'nothing there', { status: 400 });
          return { Parameter: { Name: input.Name, Value: 'value', LastModifiedDate: new Date(0) } };
        },
      },
    };
  }
}
