import { App } from 'aws-cdk-lib';
import * as nag from 'cdk-nag';
import { hardened } from '../../examples/hardened/hardened';
test('x', () => {
  process.env.CDK_DEFAULT_ACCOUNT='111122223333'; process.env.CDK_DEFAULT_REGION='us-east-1';
  const app = new App(); hardened(app);
  const out: string[] = [];
  for (const P of [nag.AwsSolutionsChecks, nag.HIPAASecurityChecks, nag.NIST80053R4Checks, nag.NIST80053R5Checks, nag.PCIDSS321Checks, nag.ServerlessChecks]) {
    const r = new P(app).validateScope(app);
    for (const v of r.violations) for (const x of (v as any).violatingResources ?? []) out.push(v.ruleName+' | '+v.severity+' | '+x.constructPath);
  }
  console.log(out.join('\n'));
  app.synth();
});
