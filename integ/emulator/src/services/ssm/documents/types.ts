/** What stands in a command document. */
export interface DocumentContent {
  readonly schemaVersion: string;
  readonly description?: string;
  readonly parameters?: Readonly<Record<string, ParameterDeclaration>>;
  /** Schema 2.x. */
  readonly mainSteps?: readonly Step[];
  /** Schema 1.2. */
  readonly runtimeConfig?: Readonly<Record<string, { readonly properties: unknown }>>;
}

export interface ParameterDeclaration {
  readonly type: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly allowedValues?: readonly unknown[];
  readonly allowedPattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minChars?: number;
  readonly maxChars?: number;
  readonly displayType?: string;
  readonly interpolationType?: string;
}

export interface Step {
  readonly action: string;
  readonly name: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly precondition?: Readonly<Record<string, unknown>>;
  readonly onFailure?: string;
  readonly onSuccess?: string;
  readonly isEnd?: boolean;
  readonly isCritical?: boolean;
  readonly finallyStep?: boolean;
  readonly timeoutSeconds?: unknown;
  readonly maxAttempts?: number;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
