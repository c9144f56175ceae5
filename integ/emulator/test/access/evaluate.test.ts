import * as fc from 'fast-check';
import { question } from './generated';
import type { DocumentText, Question } from './generated';
import { referenceAllows } from './reference';
import { compileDocument, decide } from '../../src/access/evaluate';
import type { Decision, Policies, Policy, PolicyKind } from '../../src/access/evaluate';

function policy(kind: PolicyKind, document: DocumentText, name: string = kind): Policy {
  return { kind, name, document: compileDocument(JSON.stringify(document)) };
}

function decided(asked: Question): Decision {
  const { principal, action, resource, keys, boundary, session, organization, resourcePolicy } = asked;
  const policies: Policies = {
    identity: asked.identity.map((document, at) => policy('identity', document, `identity ${at}`)),
    boundary: boundary && policy('boundary', boundary),
    session: session && [policy('session', session)],
    organization: organization?.map((document) => [policy('organization', document)]),
    resource: { account: asked.resourceAccount, isGate: asked.isGate, policy: resourcePolicy && policy('resource', resourcePolicy) },
  };
  return decide({ principal, action, resource, keys: new Map(Object.entries(keys)) }, policies);
}

const without = (asked: Question, kind: 'identity' | 'resource', at: number, statement: number): Question => {
  const cut = (document: DocumentText): DocumentText => ({ ...document, Statement: document.Statement.filter((_, index) => index !== statement) });
  return kind === 'resource'
    ? { ...asked, resourcePolicy: cut(asked.resourcePolicy!) }
    : { ...asked, identity: asked.identity.map((document, index) => (index === at ? cut(document) : document)) };
};

test('ten thousand requests are decided as by the reference, and refused without the one action that a decision needed', () => {
  const seen = { allowed: 0, refused: 0, proven: 0 };
  fc.assert(fc.property(question, (asked) => {
    const { allowed, necessary, by } = decided(asked);
    seen[allowed ? 'allowed' : 'refused'] += 1;
    expect(allowed).toBe(referenceAllows(asked));
    for (const support of allowed ? necessary : []) {
      const [kind, at] = support.policy.split(' ');
      // Of a statement with two actions that fit neither is needed.
      if (by.filter(({ policy: name, statement }) => name === support.policy && statement === support.statement).length > 1) continue;
      seen.proven += 1;
      expect(referenceAllows(without(asked, kind as 'identity' | 'resource', Number(at), Number(support.statement)))).toBe(false);
    }
  }), { numRuns: 10_000, seed: 20261130 });

  // Both answers, and proofs, come often enough to mean something.
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(500);
});
