import { toldOf } from './told';

/** Of how many refused calls it is kept what they asked, the last ones, and how many characters of each. */
const KEPT = 5_000;
const CHARACTERS = 2_000;

/** What refused calls asked for, by request id, as JSON with what is sensitive hidden. Of the others nobody asks. */
export class Asked {
  private readonly kept = new Map<string, string>();

  public note(requestId: string, service: string, operation: string, input: object): void {
    for (const oldest of this.kept.keys()) {
      if (this.kept.size < KEPT) break;
      this.kept.delete(oldest);
    }
    const text = JSON.stringify(toldOf(service, operation, input, {}).input);
    this.kept.set(requestId, text.length > CHARACTERS ? `${text.slice(0, CHARACTERS)}…` : text);
  }

  public of(requestId: string): string | undefined {
    return this.kept.get(requestId);
  }
}
