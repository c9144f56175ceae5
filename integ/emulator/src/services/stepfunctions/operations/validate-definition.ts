import type { Context, Output } from '../../../wire/operation';
import { problemsOf } from '../language/definition';

interface Input {
  readonly definition: string;
  readonly maxResults?: number;
}

export function validateStateMachineDefinition(_context: Context, { definition, maxResults }: Input): Output {
  const diagnostics = problemsOf(definition).map(({ code, message, location }) => ({ severity: 'ERROR', code, message, location }));
  const most = maxResults || 100;
  return { result: diagnostics.length === 0 ? 'OK' : 'FAIL', diagnostics: diagnostics.slice(0, most), truncated: diagnostics.length > most };
}
