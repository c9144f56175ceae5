import { agentEvents } from './agent-events';
import { commandEvents } from './commands/events';
import { operations } from './operations';
import type { Service } from '../../wire/operation';

/** Systems Manager: parameters, documents, commands and the agents that run them. */
export const ssm: Service = {
  name: 'ssm',
  operations,
  events: { ...agentEvents, ...commandEvents },
};
