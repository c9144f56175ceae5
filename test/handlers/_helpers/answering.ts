/** A command as it was sent. */
export interface Sent {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/** Answers a client's commands in their order, and records them. */
export function answering(client: { prototype: { send(command: unknown): unknown } }, ...answers: unknown[]): Sent[] {
  const sent: Sent[] = [];
  jest.spyOn(client.prototype, 'send').mockImplementation((command) => {
    const { constructor, input } = command as { constructor: { name: string }; input: Record<string, unknown> };
    sent.push({ operation: constructor.name, input });
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  return sent;
}
