// aws-cdk-lib validates each template at synth; starting that validator costs every test file two to three seconds. test/validation.test.ts
// switches it on.
process.env.CDK_VALIDATION ??= 'false';
