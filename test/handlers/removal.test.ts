import { A, B, hsm } from './_helpers/cluster';
import { CLUSTER_ID } from './_helpers/request';
import { remainsOf } from '../../src/handlers/removal';

describe('what remains when time runs out', () => {
  test('is nothing to speak of when no HSM is left', () => {
    expect(remainsOf(CLUSTER_ID, [])).toBeUndefined();
  });

  test('names HSM, state, bill, the command that removes it and who can help', () => {
    expect(remainsOf(CLUSTER_ID, [hsm('1', A, 'CREATE_IN_PROGRESS')])).toBe(
      `HSM hsm-1 (CREATE_IN_PROGRESS) of ${CLUSTER_ID} remains and is billed; wait until the state has changed and remove it `
      + `(aws cloudhsmv2 delete-hsm --cluster-id ${CLUSTER_ID} --hsm-id hsm-1), or roll back or delete the stack again unless it keeps it; ask AWS Support if the state stays`);
  });

  test('names every HSM, in fewer bytes than a reason may have', () => {
    const most = Array.from({ length: 28 }, (_, index) => hsm(`${index}`.padStart(16, '2'), index % 2 ? A : B, 'CREATE_IN_PROGRESS'));

    const text = remainsOf(CLUSTER_ID, most)!;

    expect(most.filter(({ hsmId }) => !text.includes(hsmId))).toEqual([]);
    expect(text).toMatch(/--hsm-id <each>.*AWS Support/);
    expect(text.length).toBeLessThan(1500);
  });
});
