import { request as httpsRequest } from 'https';

/** CloudFormation takes no answer above 4,096 bytes; what a reason may take of it, written as JSON. */
const REASON_BYTES = 1_500;

/** The answer to a custom resource's request. */
export interface Answer {
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId: string;
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly Data?: Readonly<Record<string, string>>;
}

/** Puts an answer at its pre-signed URL. Throws when it does not arrive, so that the machine tries again. */
export async function putAnswer(url: string, answer: Answer): Promise<void> {
  const body = JSON.stringify({ ...answer, Reason: answer.Reason && cut(answer.Reason) });
  const { hostname, pathname, search } = new URL(url);
  await new Promise<void>((resolve, reject) => {
    const sent = httpsRequest({
      hostname,
      path: pathname + search,
      method: 'PUT',
      headers: { 'content-type': '', 'content-length': Buffer.byteLength(body) },
      timeout: 10_000,
    }, (response) => {
      response.resume();
      if (response.statusCode === 200) resolve();
      else reject(new Error(`CloudFormation answered ${response.statusCode} to the response`));
    });
    sent.on('timeout', () => sent.destroy(new Error('CloudFormation did not take the response within 10 s')));
    sent.on('error', reject);
    sent.end(body);
  });
}

function cut(reason: string): string {
  let characters = [...reason];
  while (Buffer.byteLength(JSON.stringify(characters.join(''))) > REASON_BYTES) characters = characters.slice(0, Math.min(characters.length - 1, REASON_BYTES));
  return characters.join('');
}
