import { Emulator } from '../../src/index';
import { raw, signedFor } from '../control/raw';

let emulator: Emulator;

beforeAll(async () => {
  emulator = await Emulator.start({ region: 'us-east-1', clock: { kind: 'manual' } });
});
afterAll(() => emulator.stop());

const get = (path: string, headers = {}) => raw(emulator.endpoint, { method: 'GET', path, headers });

/** As a browser that was opened with the printed address. */
async function cookie(): Promise<{ cookie: string }> {
  const { headers } = await get(new URL(emulator.page).pathname + new URL(emulator.page).search);
  return { cookie: String(headers['set-cookie']).split(';')[0] };
}

test.each(['', 'page.js', 'page.css', 'events', '?token=guessed', `?token=${'x'.repeat(32)}`])('%j is not shown without the token', async (name) => {
  const { status, text } = await get(`/_emulator/${name}`);

  expect(status).toBe(401);
  expect(text).not.toMatch(/<html|stacks/);
});

test('the printed address gives a cookie that no script sees and no other site sends, and leaves the token out of the address', async () => {
  const { status, headers } = await get(new URL(emulator.page).pathname + new URL(emulator.page).search);

  expect(status).toBe(303);
  expect(headers.location).toBe('/_emulator/');
  expect(String(headers['set-cookie'])).toMatch(/; Path=\/_emulator\/; HttpOnly; SameSite=Strict$/);
});

test('the page may load nothing from elsewhere, run nothing in line and stand in no other page', async () => {
  const { status, headers, text } = await get('/_emulator/', await cookie());

  expect(status).toBe(200);
  expect(headers['content-security-policy']).toBe('default-src \'none\'; script-src \'self\'; style-src \'self\'; img-src \'self\'; connect-src \'self\'; base-uri \'none\'; form-action \'none\'; frame-ancestors \'none\'');
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(text).not.toMatch(/https?:|style=|\son\w+=|<script>/);
});

test.each(['..%2f..%2fpackage.json', 'constructor', 'tools/../page.js%00'])('%s is no page', async (name) => {
  const { status } = await get(`/_emulator/${name}`, await cookie());

  expect([401, 404]).toContain(status);
});

test('the cookie opens no command', async () => {
  const { status } = await raw(emulator.endpoint, { path: '/_emulator/stop', headers: await cookie(), body: '{}' });

  expect(status).toBe(401);
});

test('what there is tells of stacks with their resources, and of faults', async () => {
  const template = JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
  await raw(emulator.endpoint, {
    headers: { ...signedFor('cloudformation'), 'content-type': 'application/x-www-form-urlencoded' },
    body: String(new URLSearchParams({ Action: 'CreateStack', Version: '2010-05-15', StackName: 'shown', TemplateBody: template })),
  });
  emulator.addFault({ service: 'sns', operation: 'Publish', kind: 'error' });
  const before = emulator.revision();
  await emulator.advance(60_000);

  const view = emulator.view();

  expect(emulator.revision()).not.toBe(before);
  expect(view.stacks).toEqual([expect.objectContaining({ name: 'shown', status: 'CREATE_COMPLETE', resources: [expect.objectContaining({ logicalId: 'Topic', status: 'CREATE_COMPLETE' })] })]);
  expect(view.bars.map(({ stack, resource, critical }) => [stack, resource, critical])).toEqual([['shown', undefined, false], ['shown', 'Topic', true]]);
  expect(view.faults).toEqual([expect.objectContaining({ service: 'sns', operation: 'Publish', kind: 'error', fired: 0 })]);
});
